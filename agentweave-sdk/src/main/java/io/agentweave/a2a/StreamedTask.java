package io.agentweave.a2a;

import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskArtifactUpdateEvent;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.a2a.v1.TaskStatus;
import io.agentweave.call.Violation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task as its stream tells it (A2A 1.0, "Streaming Event Delivery"): begins with the task, or is
 * a message alone. Trusts the other side in nothing: what it may make this side hold is bounded.
 * For one thread.
 */
public final class StreamedTask {
  /** Its builder, its ids and its places in both maps. */
  private static final int AROUND_AN_ARTIFACT = 512;

  private final long mostBytes;
  private final long mostHeld;
  private final Map<String, Artifact.Builder> artifacts = new LinkedHashMap<>();
  private final Map<String, Long> heldFor = new HashMap<>();
  private @Nullable Task first;
  private TaskStatus status = TaskStatus.getDefaultInstance();
  private @Nullable TaskEnd end;
  private long bytes;
  private long held;

  /**
   * @param mostBytes that all its events may have together
   * @param mostHeld bytes of the heap that its artifacts may take, by estimate
   */
  public StreamedTask(long mostBytes, long mostHeld) {
    this.mostBytes = mostBytes;
    this.mostHeld = mostHeld;
  }

  /** Whether no more events count: it has ended, waits for its owner, or broke a rule. */
  public boolean isOver() {
    return end != null;
  }

  /** How it ended; without an end, how it stood when the stream did. */
  public TaskEnd end() {
    if (end != null) {
      return end;
    }
    return first == null
        ? unreadable("a stream begins with a task or a message", "no event")
        : WireResults.read(whole(first));
  }

  /** Takes the next event; what it tells, unless it is the end. */
  public Optional<TaskUpdate> hear(StreamResponse event) {
    bytes += event.getSerializedSize();
    if (bytes > mostBytes) {
      return broken("a stream has at most " + mostBytes + " bytes", "a longer one");
    }
    return switch (event.getPayloadCase()) {
      case TASK -> begin(event.getTask());
      case MESSAGE ->
          first == null
              ? over(
                  WireResults.read(
                      SendMessageResponse.newBuilder().setMessage(event.getMessage()).build()))
              : broken("a message stands alone", "a message after a task");
      case STATUS_UPDATE ->
          isOfThis(event.getStatusUpdate().getTaskId())
              ? stands(event.getStatusUpdate().getStatus())
              : ofAnother();
      case ARTIFACT_UPDATE ->
          isOfThis(event.getArtifactUpdate().getTaskId())
              ? grows(event.getArtifactUpdate())
              : ofAnother();
      case PAYLOAD_NOT_SET -> broken("an event says something", "an empty one");
    };
  }

  private boolean isOfThis(String taskId) {
    return first != null && first.getId().equals(taskId);
  }

  private Optional<TaskUpdate> begin(Task task) {
    if (first != null || task.getId().isEmpty()) {
      return broken("a stream begins with its task, once, and with its id", "another beginning");
    }
    first = task;
    status = task.getStatus();
    for (Artifact known : task.getArtifactsList()) {
      artifacts.put(known.getArtifactId(), known.toBuilder());
      hold(known, false);
    }
    if (held > mostHeld) {
      return broken("artifacts take at most " + mostHeld + " bytes", "more");
    }
    return goesOn() ? Optional.of(new TaskUpdate.Begun(task.getId())) : over();
  }

  private Optional<TaskUpdate> stands(TaskStatus now) {
    status = now;
    if (!goesOn()) {
      return over();
    }
    return switch (WireParts.read(now.getMessage().getPartsList(), "status.message.parts")) {
      case Reading.Read<List<Part>>(var parts) -> Optional.of(new TaskUpdate.Status(parts));
      case Reading.Unreadable<List<Part>>(var found) -> over(new TaskEnd.Unreadable(found));
    };
  }

  private Optional<TaskUpdate> grows(TaskArtifactUpdateEvent update) {
    Artifact piece = update.getArtifact();
    Artifact.Builder before = artifacts.get(piece.getArtifactId());
    hold(piece, before != null && update.getAppend());
    if (held > mostHeld) {
      return broken("artifacts take at most " + mostHeld + " bytes", "more");
    }
    if (before != null && update.getAppend()) {
      // In place: a copy for each piece would cost the square of their number.
      before.addAllParts(piece.getPartsList());
    } else {
      artifacts.put(piece.getArtifactId(), piece.toBuilder());
    }
    String name = piece.getName().isEmpty() ? piece.getArtifactId() : piece.getName();
    return switch (WireParts.read(piece.getPartsList(), "artifact.parts")) {
      case Reading.Read<List<Part>>(var parts) ->
          Optional.of(new TaskUpdate.Piece(name, parts, update.getAppend(), update.getLastChunk()));
      case Reading.Unreadable<List<Part>>(var found) -> over(new TaskEnd.Unreadable(found));
    };
  }

  private void hold(Artifact piece, boolean more) {
    long size = piece.getSerializedSize() + ParsedSize.of(piece) + (more ? 0 : AROUND_AN_ARTIFACT);
    held += more ? size : size - heldFor.getOrDefault(piece.getArtifactId(), 0L);
    heldFor.merge(piece.getArtifactId(), size, more ? Long::sum : (was, now) -> now);
  }

  private boolean goesOn() {
    return status.getState() == TaskState.TASK_STATE_SUBMITTED
        || status.getState() == TaskState.TASK_STATE_WORKING;
  }

  private Optional<TaskUpdate> over() {
    return over(end());
  }

  private Optional<TaskUpdate> over(TaskEnd how) {
    end = how;
    return Optional.empty();
  }

  private Optional<TaskUpdate> ofAnother() {
    return broken("an event is of the stream's task", "one of another, or before the task");
  }

  private Optional<TaskUpdate> broken(String rule, String shape) {
    return over(unreadable(rule, shape));
  }

  private static TaskEnd unreadable(String rule, String shape) {
    return new TaskEnd.Unreadable(List.of(new Violation("stream", rule, shape)));
  }

  private Task whole(Task begun) {
    Task.Builder now = begun.toBuilder().setStatus(status).clearArtifacts();
    artifacts.values().forEach(now::addArtifacts);
    return now.build();
  }
}
