package io.agentweave.a2a;

import java.util.List;

/** What a running task shows of itself to the agent that follows it. */
public sealed interface TaskUpdate {

  /** It runs under this id, by which it can be followed again or read. */
  record Begun(String taskId) implements TaskUpdate {}

  /** How it goes; no parts when it says only that it goes on. */
  record Status(List<Part> message) implements TaskUpdate {
    public Status {
      message = List.copyOf(message);
    }
  }

  /**
   * Some of a result.
   *
   * @param append whether the parts follow those heard before, rather than replace them
   * @param last whether the artifact is now whole
   */
  record Piece(String name, List<Part> parts, boolean append, boolean last) implements TaskUpdate {
    public Piece {
      parts = List.copyOf(parts);
    }
  }
}
