package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.SendMessageConfiguration;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskState;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several messages for one task, and what a list of tasks is asked for, over real connections. */
class A2aTurnsTest {
  private final ServedScene scene =
      new ServedScene()
          .allow(ServedScene.INGESTER, "ask", "chatter", "task.get", "task.list", "task.cancel");
  private final A2AServiceBlockingStub ingester = scene.as(ServedScene.INGESTER);

  @AfterEach
  void close() {
    scene.close();
  }

  private Task asked() {
    return ingester.sendMessage(ServedScene.send("ask")).getTask();
  }

  private static SendMessageRequest next(Task task, String contextId, String json) {
    SendMessageRequest.Builder next = ServedScene.send("ask", json).toBuilder();
    next.getMessageBuilder().setTaskId(task.getId()).setContextId(contextId);
    return next.build();
  }

  @Test
  void taskThatNeedsInput_goesOnWithTheNextMessage_andOnlyOnce() {
    Task asked = asked();
    assertThat(asked.getStatus().getState()).isEqualTo(TaskState.TASK_STATE_INPUT_REQUIRED);

    SendMessageRequest answer = next(asked, "", "{\"answer\":1}");
    Task done = ingester.sendMessage(answer).getTask();
    assertThat(done.getId()).isEqualTo(asked.getId());
    assertThat(done.getStatus().getState()).isEqualTo(TaskState.TASK_STATE_COMPLETED);
    assertThat(Refused.by(() -> ingester.sendMessage(answer)).reason())
        .isEqualTo("UNSUPPORTED_OPERATION");
  }

  @Test
  void messageForATaskOfAnotherContext_isInvalid_andTheTaskStillWaits() {
    Task task = asked();

    Refused refused =
        Refused.by(() -> ingester.sendMessage(next(task, "another", "{\"answer\":1}")));

    assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.status().getMessage()).contains("message.context_id");
    assertThat(
            ingester
                .sendMessage(next(task, task.getContextId(), "{\"answer\":1}"))
                .getTask()
                .getStatus()
                .getState())
        .isEqualTo(TaskState.TASK_STATE_COMPLETED);
  }

  @Test
  void messageWithAnOverLongId_isRefused_beforePolicyAuditAndTracesHearOfIt() {
    String id = "x".repeat(257);
    SendMessageRequest.Builder message = ServedScene.send("ask").toBuilder();
    message.getMessageBuilder().setMessageId(id);
    SendMessageRequest.Builder task = ServedScene.send("ask").toBuilder();
    task.getMessageBuilder().setTaskId(id);
    SendMessageRequest.Builder context = ServedScene.send("ask").toBuilder();
    context.getMessageBuilder().setContextId(id);

    for (SendMessageRequest request :
        List.of(message.build(), task.build(), context.build(), ServedScene.send(id))) {
      Refused refused = Refused.by(() -> ingester.sendMessage(request));
      assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refused.status().toString()).contains("at most 256").doesNotContain("xxx");
    }
    assertThat(scene.grants.asked()).isEmpty();
  }

  @Test
  void messagesOfATask_haveIdsOfTheirOwn_inEveryTurn() {
    Task task = asked();
    ingester.sendMessage(next(task, "", "{}"));
    ingester.sendMessage(next(task, "", "{\"answer\":1}"));

    Task whole = ingester.getTask(GetTaskRequest.newBuilder().setId(task.getId()).build());

    List<Message> all = new ArrayList<>(whole.getHistoryList());
    if (whole.getStatus().hasMessage()) {
      all.add(whole.getStatus().getMessage());
    }
    assertThat(all).extracting(Message::getMessageId).hasSizeGreaterThan(4).doesNotHaveDuplicates();
  }

  @Test
  void stream_showsNoMoreHistoryThanItsCallerAskedFor() {
    SendMessageRequest silent =
        ServedScene.send("chatter").toBuilder()
            .setConfiguration(SendMessageConfiguration.newBuilder().setHistoryLength(0))
            .build();

    assertThat(ingester.sendStreamingMessage(silent).next().getTask().getHistoryList()).isEmpty();
    assertThat(
            ingester
                .sendStreamingMessage(ServedScene.send("chatter"))
                .next()
                .getTask()
                .getHistoryList())
        .hasSize(1);
  }

  @Test
  void listSinceATime_holdsTheTasksOfThatVeryTime() {
    Task task = asked();
    Timestamp time = task.getStatus().getTimestamp();

    assertThat(
            ingester
                .listTasks(ListTasksRequest.newBuilder().setStatusTimestampAfter(time).build())
                .getTasksList())
        .extracting(Task::getId)
        .containsExactly(task.getId());
    assertThat(
            ingester
                .listTasks(
                    ListTasksRequest.newBuilder()
                        .setStatusTimestampAfter(time.toBuilder().setNanos(time.getNanos() + 1))
                        .build())
                .getTasksList())
        .isEmpty();
  }

  @Test
  void listByWhatIsNoTimeOrState_isInvalid() {
    for (ListTasksRequest bad :
        List.of(
            since(Long.MAX_VALUE, 0),
            since(Long.MIN_VALUE, 0),
            since(0, -1),
            since(0, 1_000_000_000),
            ListTasksRequest.newBuilder().setStatusValue(99).build())) {
      assertThat(Refused.by(() -> ingester.listTasks(bad)).code())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  private static ListTasksRequest since(long seconds, int nanos) {
    return ListTasksRequest.newBuilder()
        .setStatusTimestampAfter(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos))
        .build();
  }
}
