package io.agentweave.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.agentweave.a2a.WireRequests;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskArtifactUpdateEvent;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.a2a.v1.TaskStatus;
import io.agentweave.a2a.v1.TaskStatusUpdateEvent;
import io.agentweave.identity.SpiffeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One task as A2A shows it, and those who watch it. Safe for use by many threads; nothing in it
 * blocks.
 */
final class ServedTask {
  /** A message of the owner that is longer than this is not kept: it is the owner's own. */
  private static final int MAX_KEPT_MESSAGE = 8 * 1024;

  private static final long MILLIS_OF_A_SECOND = 1_000;
  private static final int NANOS_OF_A_MILLI = 1_000_000;

  /** What is around its messages: this object, its ids, its lists. */
  private static final int BARE_BYTES = 512;

  private final String id;
  private final String contextId;
  private final SpiffeId owner;
  private List<Message> history = new ArrayList<>(2);
  private Map<String, Artifact> artifacts = Map.of();
  private final List<TaskWatch> watchers = new ArrayList<>(0);
  private TaskState state = TaskState.TASK_STATE_SUBMITTED;
  private long statusMillis;
  private @Nullable Message statusMessage;
  private @Nullable TaskStatus status;
  private @Nullable Task answer;
  private @Nullable WorkGuard work;

  /** What the one message of its owner came in. */
  private @Nullable ByteString request;

  private int turns;

  ServedTask(String id, String contextId, SpiffeId owner) {
    this.id = id;
    this.contextId = contextId;
    this.owner = owner;
    this.statusMillis = System.currentTimeMillis();
  }

  /**
   * One that has ended, from what {@link #pack} made of it.
   *
   * @throws IllegalStateException when these are no such bytes
   */
  static ServedTask ended(SpiffeId owner, byte[] told, byte @Nullable [] request) {
    try {
      Task kept = Task.parseFrom(told);
      ServedTask task = new ServedTask(kept.getId(), kept.getContextId(), owner);
      task.status = kept.getStatus();
      task.state = kept.getStatus().getState();
      task.statusMillis = Timestamps.toMillis(kept.getStatus().getTimestamp());
      task.history.addAll(
          request == null
              ? kept.getHistoryList()
              : List.of(SendMessageRequest.parseFrom(request).getMessage()));
      for (Artifact artifact : kept.getArtifactsList()) {
        task.mutableArtifacts().put(artifact.getArtifactId(), artifact);
      }
      return task;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a task's own bytes can't be read", e);
    }
  }

  String id() {
    return id;
  }

  String contextId() {
    return contextId;
  }

  SpiffeId owner() {
    return owner;
  }

  /** What the ids of this turn's messages begin with: no two messages of a task share one. */
  synchronized String messageIds() {
    return turns == 1 ? id : id + "-" + turns;
  }

  synchronized TaskState state() {
    return state;
  }

  synchronized Instant statusTime() {
    return Instant.ofEpochMilli(statusMillis);
  }

  /**
   * Begins, or goes on after its owner was asked; false when it is not waiting for that.
   *
   * @param asked the encoded request that the message came in
   */
  synchronized boolean begin(Message message, ByteString asked, WorkGuard guard) {
    if (state != TaskState.TASK_STATE_SUBMITTED && state != TaskState.TASK_STATE_INPUT_REQUIRED) {
      return false;
    }
    if (statusMessage != null) {
      history.add(statusMessage);
    }
    if (message.getSerializedSize() <= MAX_KEPT_MESSAGE) {
      history.add(asked.size() <= MAX_KEPT_MESSAGE ? message : WireRequests.alone(message));
    }
    request = turns == 0 && asked.size() <= MAX_KEPT_MESSAGE ? asked : null;
    work = guard;
    turns++;
    move(TaskState.TASK_STATE_WORKING, null);
    return true;
  }

  /** Whether it works for another turn than the one that this guard ends. */
  synchronized boolean isInAnotherTurn(WorkGuard turn) {
    return work != null && work != turn;
  }

  /** Shows that it works, and a message if there is one; empty when it does not run any more. */
  synchronized Optional<StreamResponse> say(Optional<Message> message) {
    if (state != TaskState.TASK_STATE_WORKING) {
      return Optional.empty();
    }
    move(TaskState.TASK_STATE_WORKING, message.orElse(null));
    return Optional.of(statusEvent());
  }

  /** Adds to an artifact; empty when the task does not run any more. */
  synchronized Optional<StreamResponse> add(Artifact piece, boolean append, boolean last) {
    if (state != TaskState.TASK_STATE_WORKING) {
      return Optional.empty();
    }
    mutableArtifacts()
        .merge(
            piece.getArtifactId(),
            piece,
            (before, now) ->
                append ? before.toBuilder().addAllParts(now.getPartsList()).build() : now);
    StreamResponse event = artifactEvent(piece, append, last);
    tell(event);
    return Optional.of(event);
  }

  /**
   * Ends it, or lets it wait for its owner. A task that was cancelled meanwhile stays so.
   *
   * @param said the agent's messages, the status message last
   */
  synchronized void end(TaskState how, List<Message> said, List<Artifact> made) {
    if (state != TaskState.TASK_STATE_WORKING) {
      return;
    }
    work = null;
    for (Artifact artifact : made) {
      mutableArtifacts().put(artifact.getArtifactId(), artifact);
      if (!watchers.isEmpty()) {
        tell(artifactEvent(artifact, false, true));
      }
    }
    if (said.size() > 1) {
      history.addAll(said.subList(0, said.size() - 1));
    }
    move(how, said.isEmpty() ? null : said.getLast());
    endWatches();
  }

  /** Cancels it and interrupts its work; false when it has ended before. */
  synchronized boolean cancel() {
    if (isTerminal(state)) {
      return false;
    }
    WorkGuard running = work;
    work = null;
    move(TaskState.TASK_STATE_CANCELED, null);
    endWatches();
    if (running != null) {
      running.stop(WorkGuard.Cause.TASK_CANCELLED);
    }
    return true;
  }

  /** A watch that begins with the task as it is now; empty when it has ended. */
  synchronized Optional<TaskWatch> watch() {
    if (isTerminal(state)) {
      return Optional.empty();
    }
    TaskWatch watch = new TaskWatch();
    watch.offer(StreamResponse.newBuilder().setTask(show(Optional.empty(), true)).build());
    watchers.add(watch);
    return Optional.of(watch);
  }

  synchronized void unwatch(TaskWatch watch) {
    watchers.remove(watch);
  }

  /**
   * The task as it is now.
   *
   * @param historyLength how many of the newest messages; all when empty
   */
  synchronized Task show(Optional<Integer> historyLength, boolean withArtifacts) {
    Task whole = whole();
    int said = whole.getHistoryCount();
    int shown = Math.min(said, historyLength.orElse(said));
    if (shown == said && withArtifacts) {
      return whole;
    }
    Task.Builder task = whole.toBuilder();
    if (shown < said) {
      task.clearHistory().addAllHistory(whole.getHistoryList().subList(said - shown, said));
    }
    return withArtifacts ? task.build() : task.clearArtifacts().build();
  }

  /** As an answer to whoever sent the message: without the owner's own words, unless asked for. */
  synchronized Task answer(Optional<Integer> historyLength) {
    if (historyLength.isPresent()) {
      return show(historyLength, true);
    }
    Task known = answer;
    if (known == null) {
      known = told();
      answer = isTerminal(state) ? known : null;
    }
    return known;
  }

  private Task told() {
    Task.Builder task = frame();
    for (Message message : history) {
      if (message.getRole() == Role.ROLE_AGENT) {
        task.addHistory(message);
      }
    }
    return task.build();
  }

  /** Roughly how much memory it holds, in bytes. */
  synchronized int weight() {
    return BARE_BYTES + whole().getSerializedSize() + (request == null ? 0 : request.size());
  }

  /**
   * As bytes, once it has ended; empty before. The usual task is what was told, and the message
   * behind it, whose bytes are there already.
   */
  synchronized Optional<PackedTask> pack() {
    if (!isTerminal(state)) {
      return Optional.empty();
    }
    Task told = answer;
    if (told != null && request != null && told.getHistoryCount() == 0 && history.size() == 1) {
      return Optional.of(new PackedTask(told.toByteString(), request));
    }
    return Optional.of(new PackedTask(whole().toByteString(), null));
  }

  private Task whole() {
    Task.Builder task = frame();
    for (Message message : history) {
      task.addHistory(named(message));
    }
    return task.build();
  }

  /** All but the history. */
  private Task.Builder frame() {
    return Task.newBuilder()
        .setId(id)
        .setContextId(contextId)
        .setStatus(status())
        .addAllArtifacts(artifacts.values());
  }

  /** An owner's message may have come without the ids. */
  private Message named(Message message) {
    return message.getRole() != Role.ROLE_USER
            || (message.getTaskId().equals(id) && message.getContextId().equals(contextId))
        ? message
        : message.toBuilder().setTaskId(id).setContextId(contextId).build();
  }

  /** How it stands, as an event. */
  synchronized StreamResponse statusEvent() {
    return StreamResponse.newBuilder()
        .setStatusUpdate(
            TaskStatusUpdateEvent.newBuilder()
                .setTaskId(id)
                .setContextId(contextId)
                .setStatus(status()))
        .build();
  }

  /** A piece of an artifact of this task, as an event. */
  StreamResponse artifactEvent(Artifact piece, boolean append, boolean last) {
    return StreamResponse.newBuilder()
        .setArtifactUpdate(
            TaskArtifactUpdateEvent.newBuilder()
                .setTaskId(id)
                .setContextId(contextId)
                .setArtifact(piece)
                .setAppend(append)
                .setLastChunk(last))
        .build();
  }

  static boolean isTerminal(TaskState state) {
    return switch (state) {
      case TASK_STATE_COMPLETED, TASK_STATE_FAILED, TASK_STATE_CANCELED, TASK_STATE_REJECTED ->
          true;
      case TASK_STATE_SUBMITTED,
          TASK_STATE_WORKING,
          TASK_STATE_INPUT_REQUIRED,
          TASK_STATE_AUTH_REQUIRED,
          TASK_STATE_UNSPECIFIED,
          UNRECOGNIZED ->
          false;
    };
  }

  /** Its artifacts, to put more in: most tasks have none. */
  private Map<String, Artifact> mutableArtifacts() {
    if (artifacts.isEmpty()) {
      artifacts = new LinkedHashMap<>(2);
    }
    return artifacts;
  }

  private void move(TaskState to, @Nullable Message message) {
    state = to;
    statusMillis = System.currentTimeMillis();
    statusMessage = message;
    status = null;
    answer = null;
    if (!watchers.isEmpty()) {
      tell(statusEvent());
    }
  }

  private TaskStatus status() {
    TaskStatus known = status;
    if (known == null) {
      TaskStatus.Builder made =
          TaskStatus.newBuilder()
              .setState(state)
              .setTimestamp(
                  Timestamp.newBuilder()
                      .setSeconds(Math.floorDiv(statusMillis, MILLIS_OF_A_SECOND))
                      .setNanos(
                          (int) Math.floorMod(statusMillis, MILLIS_OF_A_SECOND)
                              * NANOS_OF_A_MILLI));
      if (statusMessage != null) {
        made.setMessage(statusMessage);
      }
      known = made.build();
      status = known;
    }
    return known;
  }

  private void tell(StreamResponse event) {
    watchers.removeIf(watch -> !watch.offer(event));
  }

  private void endWatches() {
    watchers.forEach(TaskWatch::end);
    watchers.clear();
  }
}
