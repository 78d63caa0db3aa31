package io.agentweave.a2a;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskArtifactUpdateEvent;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.a2a.v1.TaskStatus;
import io.agentweave.a2a.v1.TaskStatusUpdateEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the other side may say in a stream, and what it may not. */
class StreamedTaskTest {
  private final StreamedTask task = new StreamedTask(10_000, 10_000);

  private static StreamResponse begun(String id, TaskState state) {
    return StreamResponse.newBuilder()
        .setTask(Task.newBuilder().setId(id).setStatus(TaskStatus.newBuilder().setState(state)))
        .build();
  }

  private static StreamResponse status(String id, TaskState state) {
    return StreamResponse.newBuilder()
        .setStatusUpdate(
            TaskStatusUpdateEvent.newBuilder()
                .setTaskId(id)
                .setStatus(TaskStatus.newBuilder().setState(state)))
        .build();
  }

  private static StreamResponse piece(String id, String text, boolean append) {
    return StreamResponse.newBuilder()
        .setArtifactUpdate(
            TaskArtifactUpdateEvent.newBuilder()
                .setTaskId(id)
                .setArtifact(Artifact.newBuilder().setArtifactId("a").addParts(text(text)))
                .setAppend(append))
        .build();
  }

  private static io.agentweave.a2a.v1.Part.Builder text(String text) {
    return io.agentweave.a2a.v1.Part.newBuilder().setText(text);
  }

  private void expectUnreadable(String rule) {
    assertThat(task.isOver()).isTrue();
    assertThat(task.end())
        .isInstanceOfSatisfying(
            TaskEnd.Unreadable.class,
            end -> assertThat(end.violations().getFirst().rule()).contains(rule));
  }

  @Test
  void pieces_areOneArtifactAtTheEnd() {
    assertThat(task.hear(begun("t", TaskState.TASK_STATE_SUBMITTED)))
        .hasValue(new TaskUpdate.Begun("t"));
    assertThat(task.hear(piece("t", "once ", false)))
        .hasValue(new TaskUpdate.Piece("a", List.of(new Part.TextPart("once ")), false, false));
    task.hear(piece("t", "upon", true));
    assertThat(task.hear(status("t", TaskState.TASK_STATE_WORKING)))
        .hasValue(new TaskUpdate.Status(List.of()));
    assertThat(task.isOver()).isFalse();

    assertThat(task.hear(status("t", TaskState.TASK_STATE_COMPLETED))).isEmpty();

    TaskResult result = ((TaskEnd.Ended) task.end()).result();
    assertThat(result.artifacts().getFirst().parts())
        .containsExactly(new Part.TextPart("once "), new Part.TextPart("upon"));
  }

  /** Copied for each piece, they would keep this test, or a caller, busy for minutes. */
  @Test
  void veryManyPieces_areOneArtifactStill() {
    StreamedTask endless = new StreamedTask(64 << 20, 64 << 20);
    endless.hear(begun("t", TaskState.TASK_STATE_WORKING));
    StreamResponse piece = piece("t", "x", true);
    for (int i = 0; i < 200_000; i++) {
      endless.hear(piece);
    }
    endless.hear(status("t", TaskState.TASK_STATE_COMPLETED));

    TaskResult result = ((TaskEnd.Ended) endless.end()).result();
    assertThat(result.artifacts().getFirst().parts()).hasSize(200_000);
  }

  @Test
  void messageAlone_isTheWholeAnswer() {
    task.hear(
        StreamResponse.newBuilder()
            .setMessage(Message.newBuilder().addParts(text("hello")))
            .build());

    assertThat(task.end())
        .isEqualTo(new TaskEnd.Ended(TaskResult.completed(new Part.TextPart("hello"))));
  }

  @Test
  void streamThatStopsBeforeTheEnd_isNoEnd() {
    task.hear(begun("t", TaskState.TASK_STATE_WORKING));

    assertThat(task.isOver()).isFalse();
    assertThat(task.end()).isEqualTo(new TaskEnd.NotEnded("t", TaskState.TASK_STATE_WORKING));
  }

  @Test
  void nothingAtAll_isUnreadable() {
    assertThat(task.end()).isInstanceOf(TaskEnd.Unreadable.class);
  }

  @Test
  void eventBeforeItsTask_isUnreadable() {
    task.hear(status("t", TaskState.TASK_STATE_COMPLETED));
    expectUnreadable("of the stream's task");
  }

  @Test
  void eventOfAnotherTask_isUnreadable() {
    task.hear(begun("t", TaskState.TASK_STATE_WORKING));
    task.hear(piece("u", "forged", false));
    expectUnreadable("of the stream's task");
  }

  @Test
  void secondBeginning_isUnreadable() {
    task.hear(begun("t", TaskState.TASK_STATE_WORKING));
    task.hear(begun("u", TaskState.TASK_STATE_COMPLETED));
    expectUnreadable("begins with its task");
  }

  @Test
  void messageAfterTheTask_isUnreadable() {
    task.hear(begun("t", TaskState.TASK_STATE_WORKING));
    task.hear(StreamResponse.newBuilder().setMessage(Message.getDefaultInstance()).build());
    expectUnreadable("stands alone");
  }

  @Test
  void unknownState_isUnreadable() {
    task.hear(begun("t", TaskState.TASK_STATE_WORKING));
    task.hear(
        StreamResponse.newBuilder()
            .setStatusUpdate(
                TaskStatusUpdateEvent.newBuilder()
                    .setTaskId("t")
                    .setStatus(TaskStatus.newBuilder().setStateValue(99)))
            .build());
    expectUnreadable("has a state");
  }

  @Test
  void streamWithoutEnd_isNotKeptWithoutEnd() {
    task.hear(begun("t", TaskState.TASK_STATE_WORKING));
    int heard = 0;
    while (!task.isOver()) {
      task.hear(piece("t", "x".repeat(100), true));
      assertThat(heard++).isLessThan(100);
    }
    expectUnreadable("at most 10000 bytes");
  }

  @Test
  void manyArtifactsOfNothing_areNotKeptWithoutEnd() {
    StreamedTask small = new StreamedTask(1 << 20, 10_000);
    small.hear(begun("t", TaskState.TASK_STATE_WORKING));
    for (int i = 0; i < 18; i++) {
      small.hear(
          StreamResponse.newBuilder()
              .setArtifactUpdate(
                  TaskArtifactUpdateEvent.newBuilder()
                      .setTaskId("t")
                      .setArtifact(Artifact.newBuilder().setArtifactId("a" + i)))
              .build());
    }
    assertThat(small.end())
        .isInstanceOfSatisfying(
            TaskEnd.Unreadable.class,
            end -> assertThat(end.violations().getFirst().rule()).contains("artifacts take"));
  }

  @Test
  void anyEvents_areUnderstoodOrRefused() {
    Anything.tried(
        2000,
        any -> {
          StreamedTask heard = new StreamedTask(10_000, 10_000);
          for (int left = any.between(0, 12); left > 0 && !heard.isOver(); left--) {
            String id = any.of("t", "t", "t", "u", "");
            TaskState state =
                any.of(
                    TaskState.TASK_STATE_WORKING,
                    TaskState.TASK_STATE_SUBMITTED,
                    TaskState.TASK_STATE_FAILED,
                    TaskState.TASK_STATE_INPUT_REQUIRED,
                    TaskState.TASK_STATE_UNSPECIFIED);
            heard.hear(
                switch (any.between(0, 3)) {
                  case 0 -> begun(id, state);
                  case 1 -> status(id, state);
                  case 2 -> piece(id, any.text(9), any.coin());
                  default -> StreamResponse.getDefaultInstance();
                });
          }
          assertThat(heard.end()).isNotNull();
        });
  }
}
