package io.agentweave.a2a;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a capability says when it is done.
 *
 * @param status completed, or another end; see there
 * @param messages what the agent has to say about it
 * @param artifacts what it produced
 * @param error why it failed or was rejected; null otherwise. The caller reads it: no internals
 */
public record TaskResult(
    Status status, List<Message> messages, List<Artifact> artifacts, @Nullable String error) {

  public TaskResult {
    messages = List.copyOf(messages);
    artifacts = List.copyOf(artifacts);
    if (status == Status.REPLIED && (messages.isEmpty() || messages.getLast().parts().isEmpty())) {
      throw new IllegalArgumentException("a reply says something");
    }
  }

  /** How a task ends by itself, or stops to be continued. */
  public enum Status {
    COMPLETED,
    FAILED,
    /** The agent will not do it, for a reason of its own that {@code error} tells the caller. */
    REJECTED,
    /**
     * The answer is the last message alone, and there never was a task. Who followed the work from
     * its beginning, by a stream, sees a task that is completed instead.
     */
    REPLIED,
    /** The task waits for another message of its owner; {@code messages} say what is missing. */
    INPUT_REQUIRED
  }

  /** A message of the agent. */
  public record Message(List<Part> parts) {
    public Message {
      parts = List.copyOf(parts);
    }
  }

  /** A named result. */
  public record Artifact(String name, List<Part> parts) {
    public Artifact {
      parts = List.copyOf(parts);
    }
  }

  public static TaskResult completed(Part... parts) {
    return new TaskResult(Status.COMPLETED, List.of(new Message(List.of(parts))), List.of(), null);
  }

  /** A message instead of a task. */
  public static TaskResult replied(Part first, Part... more) {
    List<Part> parts = new ArrayList<>(List.of(first));
    parts.addAll(List.of(more));
    return new TaskResult(Status.REPLIED, List.of(new Message(parts)), List.of(), null);
  }

  public static TaskResult failed(String error, Part... parts) {
    List<Message> messages = parts.length == 0 ? List.of() : List.of(new Message(List.of(parts)));
    return new TaskResult(Status.FAILED, messages, List.of(), error);
  }

  public static TaskResult rejected(String error) {
    return new TaskResult(Status.REJECTED, List.of(), List.of(), error);
  }

  public static TaskResult inputRequired(Part... question) {
    return new TaskResult(
        Status.INPUT_REQUIRED, List.of(new Message(List.of(question))), List.of(), null);
  }

  public boolean isCompleted() {
    return status == Status.COMPLETED || status == Status.REPLIED;
  }
}
