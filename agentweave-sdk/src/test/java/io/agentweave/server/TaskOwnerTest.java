package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.a2a.v1.CancelTaskRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.TaskState;
import io.grpc.Status;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** To everybody but its owner a task does not exist, whatever policy lets them ask. */
class TaskOwnerTest {
  private static final String[] ALL = {
    "echo", "wait", "ask", "task.get", "task.list", "task.cancel", "task.subscribe"
  };

  private final ServedScene scene =
      new ServedScene().allow(ServedScene.INGESTER, ALL).allow(ServedScene.STRANGER, ALL);
  private final A2AServiceBlockingStub owner = scene.as(ServedScene.INGESTER);
  private final A2AServiceBlockingStub stranger = scene.as(ServedScene.STRANGER);

  @AfterEach
  void close() {
    scene.capabilities.release.countDown();
    scene.close();
  }

  private TaskState state(String id) {
    return owner.getTask(GetTaskRequest.newBuilder().setId(id).build()).getStatus().getState();
  }

  private void expectNothingThere(String id) {
    String nobodys =
        Refused.by(
                () -> stranger.getTask(GetTaskRequest.newBuilder().setId("no-such-task").build()))
            .status()
            .getMessage();
    SendMessageRequest.Builder more = ServedScene.send("ask", "{\"answer\":1}").toBuilder();
    more.getMessageBuilder().setTaskId(id);
    for (Runnable attempt :
        List.<Runnable>of(
            () -> stranger.getTask(GetTaskRequest.newBuilder().setId(id).build()),
            () -> stranger.cancelTask(CancelTaskRequest.newBuilder().setId(id).build()),
            () ->
                stranger
                    .subscribeToTask(SubscribeToTaskRequest.newBuilder().setId(id).build())
                    .next(),
            () -> stranger.sendMessage(more.build()))) {
      Refused refused = Refused.by(attempt);
      assertThat(refused.reason()).isEqualTo("TASK_NOT_FOUND");
      assertThat(refused.code()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(refused.status().getMessage()).isEqualTo(nobodys);
    }
    assertThat(stranger.listTasks(ListTasksRequest.getDefaultInstance()).getTotalSize()).isZero();
  }

  @Test
  void taskThatIsDone_doesNotExistForAnother() {
    String id = owner.sendMessage(ServedScene.send("echo")).getTask().getId();
    expectNothingThere(id);
    assertThat(state(id)).isEqualTo(TaskState.TASK_STATE_COMPLETED);
  }

  @Test
  void taskThatRuns_doesNotExistForAnother_andGoesOn() throws InterruptedException {
    Iterator<StreamResponse> sent = owner.sendStreamingMessage(ServedScene.send("wait"));
    String id = sent.next().getTask().getId();
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    expectNothingThere(id);
    assertThat(state(id)).isEqualTo(TaskState.TASK_STATE_WORKING);

    scene.capabilities.release.countDown();
    sent.forEachRemaining(event -> {});
    assertThat(state(id)).isEqualTo(TaskState.TASK_STATE_COMPLETED);
  }

  @Test
  void taskThatWaitsForInput_isNotContinuedByAnother() {
    String id = owner.sendMessage(ServedScene.send("ask", "{}")).getTask().getId();
    expectNothingThere(id);
    assertThat(state(id)).isEqualTo(TaskState.TASK_STATE_INPUT_REQUIRED);
  }
}
