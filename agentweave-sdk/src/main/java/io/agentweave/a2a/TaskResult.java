package io.agentweave.a2a;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a capability says when it is done.
 *
 * @param status completed, or failed with an {@code error}
 * @param messages what the agent has to say about it
 * @param artifacts what it produced
 * @param error why it failed; null when completed. The caller reads it: no internals
 */
public record TaskResult(
    Status status, List<Message> messages, List<Artifact> artifacts, @Nullable String error) {

  public TaskResult {
    messages = List.copyOf(messages);
    artifacts = List.copyOf(artifacts);
  }

  /** How a task ends by itself. */
  public enum Status {
    COMPLETED,
    FAILED
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

  public static TaskResult failed(String error, Part... parts) {
    List<Message> messages = parts.length == 0 ? List.of() : List.of(new Message(List.of(parts)));
    return new TaskResult(Status.FAILED, messages, List.of(), error);
  }

  public boolean isCompleted() {
    return status == Status.COMPLETED;
  }
}
