package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageOrBuilder;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskStoreTest {
  private static final SpiffeId QUIET = SpiffeId.parse("spiffe://agentweave.io/agent/quiet");
  private static final SpiffeId LOUD = SpiffeId.parse("spiffe://agentweave.io/agent/loud");

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  private ServedTask ended(TaskStore store, SpiffeId owner, int bytes) {
    ServedTask task = store.open(owner, "");
    assertThat(begin(task, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    task.end(
        TaskState.TASK_STATE_COMPLETED,
        List.of(),
        List.of(
            Artifact.newBuilder()
                .setArtifactId("a")
                .addParts(Part.newBuilder().setText("x".repeat(bytes)))
                .build()));
    store.rested(task, new WorkGuard(timer));
    return task;
  }

  /** Kept as bytes once it has ended: nobody can tell from what they see. */
  @Test
  void taskAtRest_isShownAsItWasBefore() {
    TaskStore store = store(10, 1 << 20);
    ServedTask task = store.open(QUIET, "context");
    Message question = message("q", Role.ROLE_USER);
    assertThat(begin(task, question, new WorkGuard(timer))).isTrue();
    task.end(
        TaskState.TASK_STATE_FAILED,
        List.of(message("a-1", Role.ROLE_AGENT), message("a-2", Role.ROLE_AGENT)),
        List.of(Artifact.newBuilder().setArtifactId("made").build()));
    List<MessageOrBuilder> before = views(task);
    assertThat(task.show(Optional.empty(), true).getHistoryList())
        .extracting(Message::getMessageId)
        .containsExactly("q", "a-1");
    assertThat(task.answer(Optional.empty()).getHistoryList())
        .extracting(Message::getMessageId)
        .containsExactly("a-1");
    assertThat(task.show(Optional.of(0), false).getArtifactsList()).isEmpty();

    ServedTask kept = keptOf(store, task);

    assertThat(views(kept)).isEqualTo(before);
    assertThat(kept.state()).isEqualTo(TaskState.TASK_STATE_FAILED);
    assertThat(kept.statusTime()).isEqualTo(task.statusTime());
    assertThat(kept.cancel()).isFalse();
    assertThat(kept.watch()).isEmpty();
    assertThat(begin(kept, question, new WorkGuard(timer))).isFalse();
    assertThat(store.of(QUIET)).containsExactly(TaskGlance.of(task));
  }

  /** The usual one is not built anew to become bytes. */
  @Test
  void usualTaskAtRest_isShownAsItWasBefore_withTheIdsThatItsQuestionLacked() {
    TaskStore store = store(10, 1 << 20);
    ServedTask task = store.open(QUIET, "context");
    Message question = message("q", Role.ROLE_USER).toBuilder().setContextId("another").build();
    assertThat(begin(task, question, new WorkGuard(timer))).isTrue();
    task.end(
        TaskState.TASK_STATE_COMPLETED,
        List.of(message("a-1", Role.ROLE_AGENT)),
        List.of(Artifact.newBuilder().setArtifactId("made").build()));
    List<MessageOrBuilder> before = views(task);

    assertThat(views(keptOf(store, task))).isEqualTo(before);
    Message kept = task.show(Optional.empty(), true).getHistory(0);
    assertThat(kept.getMessageId()).isEqualTo("q");
    assertThat(kept.getTaskId()).isEqualTo(task.id());
    assertThat(kept.getContextId()).isEqualTo("context");
  }

  /** What else a request holds is not the task's, and may be large. */
  @Test
  void taskAtRest_holdsNoRequestThatIsLong() {
    TaskStore store = store(10, 1 << 20);
    ServedTask task = store.open(QUIET, "context");
    Message question = message("q", Role.ROLE_USER);
    ByteString request =
        SendMessageRequest.newBuilder()
            .setMessage(question)
            .setTenant("x".repeat(100_000))
            .build()
            .toByteString();
    assertThat(task.begin(question, request, new WorkGuard(timer))).isTrue();
    task.end(TaskState.TASK_STATE_COMPLETED, List.of(message("a-1", Role.ROLE_AGENT)), List.of());
    List<MessageOrBuilder> before = views(task);

    PackedTask packed = task.pack().orElseThrow();
    assertThat(packed.told().size()).isLessThan(2_000);
    assertThat(packed.request()).isNull();
    assertThat(views(keptOf(store, task))).isEqualTo(before);
  }

  /** What is found is made from what is kept. */
  private ServedTask keptOf(TaskStore store, ServedTask task) {
    store.rested(task, new WorkGuard(timer));
    ServedTask kept = store.find(task.id(), task.owner()).orElseThrow();
    assertThat(kept).isNotSameAs(task);
    return kept;
  }

  /** Blocks and entries are used again: nothing of one task may show in another. */
  @Test
  void manyTasksOfAllSizes_areEachShownAsTheyWere() {
    TaskStore store = store(40, 200_000);
    Random random = new Random(4711);
    Map<String, ServedTask> made = new LinkedHashMap<>();
    for (int i = 0; i < 3_000; i++) {
      ServedTask task = ended(store, i % 3 == 0 ? QUIET : LOUD, random.nextInt(20_000));
      made.put(task.id(), task);
      if (i % 50 == 0) {
        List<TaskGlance> all = new ArrayList<>(store.of(QUIET));
        all.addAll(store.of(LOUD));
        assertThat(all).hasSize(store.size()).hasSizeBetween(Math.min(i + 1, 8), 40);
        for (TaskGlance glance : all) {
          ServedTask original = Objects.requireNonNull(made.get(glance.id().text()));
          assertThat(glance).isEqualTo(TaskGlance.of(original));
          ServedTask kept = store.find(original.id(), original.owner()).orElseThrow();
          assertThat(views(kept)).isEqualTo(views(original));
        }
      }
    }
  }

  @Test
  void taskForWhichThereIsNoRoom_isNotKept_andPushesOutNobodyElse() {
    TaskStore store = store(10, 50_000);
    ServedTask quiet = ended(store, QUIET, 30_000);
    ServedTask big = ended(store, LOUD, 100_000);
    assertThat(store.find(big.id(), LOUD)).isEmpty();
    assertThat(store.of(LOUD)).isEmpty();
    assertThat(store.find(quiet.id(), QUIET)).isPresent();
  }

  /** Whatever breaks in a turn: its task must not stay for ever. */
  @Test
  void taskWhoseTurnDidNotComeToItsEnd_isKeptWithinTheLimits() {
    TaskStore store = store(2, 1 << 20);
    for (int i = 0; i < 50; i++) {
      ServedTask task = store.open(QUIET, "");
      WorkGuard turn = new WorkGuard(timer);
      assertThat(begin(task, Message.getDefaultInstance(), turn)).isTrue();
      store.rested(task, turn);
    }
    assertThat(store.size()).isEqualTo(2);
  }

  /** Somebody has to go: not the task whose caller has just been answered. */
  @Test
  void ownersWithEquallyMany_loseTheOldestTask() {
    TaskStore store = store(1, 1 << 20);
    for (int i = 0; i < 10; i++) {
      SpiffeId owner = i % 2 == 0 ? QUIET : LOUD;
      ServedTask newest = ended(store, owner, 1);
      assertThat(store.find(newest.id(), owner)).isPresent();
      assertThat(store.size()).isEqualTo(1);
    }
  }

  @Test
  void taskOfAnother_orOfNoUsualId_isNotFound() {
    TaskStore store = store(10, 1 << 20);
    ServedTask task = ended(store, QUIET, 1);
    assertThat(store.find(task.id(), LOUD)).isEmpty();
    assertThat(store.find(task.id().toUpperCase(Locale.ROOT), QUIET)).isEmpty();
    for (String id :
        List.of("", "x", "1-1-1-1-1", "0".repeat(36), "-".repeat(36), "ä".repeat(36))) {
      assertThat(store.find(id, QUIET)).isEmpty();
    }
  }

  /** The owner may answer before the turn that asked has ended. */
  @Test
  void taskThatGoesOnBeforeItRested_isNotPushedOut() {
    TaskStore store = store(1, 1 << 20);
    ServedTask task = store.open(QUIET, "");
    assertThat(begin(task, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    task.end(TaskState.TASK_STATE_INPUT_REQUIRED, List.of(), List.of());
    assertThat(begin(task, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    store.resumed(task);
    store.rested(task, new WorkGuard(timer));
    ended(store, QUIET, 1);
    ended(store, QUIET, 1);
    assertThat(store.find(task.id(), QUIET)).containsSame(task);
    task.end(TaskState.TASK_STATE_COMPLETED, List.of(), List.of());
    store.rested(task, new WorkGuard(timer));
    assertThat(store.of(QUIET)).containsExactly(TaskGlance.of(task));
    // Even its whole next turn may be over before the one that asked has come to rest.
    store.rested(task, new WorkGuard(timer));
    assertThat(store.of(QUIET)).containsExactly(TaskGlance.of(task));
    assertThat(store.size()).isEqualTo(1);
  }

  private static List<MessageOrBuilder> views(ServedTask task) {
    return List.of(
        task.show(Optional.empty(), true),
        task.show(Optional.of(1), false),
        task.show(Optional.of(0), true),
        task.answer(Optional.empty()),
        task.answer(Optional.of(5)),
        task.statusEvent());
  }

  private static Message message(String id, Role role) {
    return Message.newBuilder()
        .setMessageId(id)
        .setRole(role)
        .addParts(Part.newBuilder().setText("text of " + id))
        .build();
  }

  private static TaskStore store(int tasks, long bytes) {
    return new TaskStore(new TaskStore.Limits(tasks, bytes, Duration.ofHours(1)));
  }

  @Test
  void peerThatMakesManyTasks_pushesOutItsOwnOnly() {
    TaskStore store = store(10, 1 << 20);
    List<ServedTask> quiet = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      quiet.add(ended(store, QUIET, 10));
    }
    for (int i = 0; i < 100; i++) {
      ended(store, LOUD, 10);
    }
    assertThat(store.size()).isEqualTo(10);
    assertThat(quiet).allMatch(task -> store.find(task.id(), QUIET).isPresent());
    assertThat(store.of(LOUD)).hasSize(7);
  }

  @Test
  void peerThatMakesBigTasks_pushesOutItsOwnOnly() {
    TaskStore store = store(1_000, 64 * 1024);
    ServedTask quiet = ended(store, QUIET, 10);
    for (int i = 0; i < 20; i++) {
      ended(store, LOUD, 16 * 1024);
    }
    assertThat(store.find(quiet.id(), QUIET)).isPresent();
    assertThat(store.of(LOUD)).hasSizeBetween(1, 3);
  }

  @Test
  void oldTasks_areForgotten() {
    TaskStore store = new TaskStore(new TaskStore.Limits(10, 1 << 20, Duration.ofNanos(1)));
    ServedTask old = ended(store, QUIET, 1);
    ended(store, LOUD, 1);
    assertThat(store.find(old.id(), QUIET)).isEmpty();
  }

  @Test
  void runningTask_isNeverPushedOut_andOneThatGoesOnIsNotEither() {
    TaskStore store = store(2, 1 << 20);
    ServedTask running = store.open(QUIET, "");
    assertThat(begin(running, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    ServedTask asking = store.open(QUIET, "");
    assertThat(begin(asking, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    asking.end(TaskState.TASK_STATE_INPUT_REQUIRED, List.of(), List.of());
    store.rested(asking, new WorkGuard(timer));
    assertThat(begin(asking, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    store.resumed(asking);
    for (int i = 0; i < 50; i++) {
      ended(store, QUIET, 1);
    }
    assertThat(store.find(running.id(), QUIET)).isPresent();
    assertThat(store.find(asking.id(), QUIET)).isPresent();
    assertThat(store.size()).isEqualTo(4);
  }

  @Test
  void cancelledTask_staysCancelled_whateverItsHandlerSays() {
    TaskStore store = store(10, 1 << 20);
    ServedTask task = store.open(QUIET, "");
    WorkGuard guard = new WorkGuard(timer);
    assertThat(begin(task, Message.getDefaultInstance(), guard)).isTrue();
    assertThat(task.cancel()).isTrue();
    task.end(TaskState.TASK_STATE_COMPLETED, List.of(), List.of());

    assertThat(task.state()).isEqualTo(TaskState.TASK_STATE_CANCELED);
    assertThat(guard.stopped()).isEqualTo(WorkGuard.Cause.TASK_CANCELLED);
    assertThat(task.cancel()).isFalse();
    assertThat(task.say(Optional.of(Message.getDefaultInstance()))).isEmpty();
  }

  @Test
  void watcherThatDoesNotRead_isLeftBehind_andTheTaskGoesOn() throws InterruptedException {
    ServedTask task = store(10, 1 << 20).open(QUIET, "");
    assertThat(begin(task, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    TaskWatch watch = task.watch().orElseThrow();
    for (int i = 0; i < 10_000; i++) {
      assertThat(task.say(Optional.of(Message.getDefaultInstance()))).isPresent();
    }
    int read = 0;
    while (watch.next().isPresent()) {
      read++;
    }
    assertThat(watch.leftBehind()).isTrue();
    assertThat(read).isLessThan(300);
  }

  private static boolean begin(ServedTask task, Message message, WorkGuard guard) {
    return task.begin(
        message, SendMessageRequest.newBuilder().setMessage(message).build().toByteString(), guard);
  }
}
