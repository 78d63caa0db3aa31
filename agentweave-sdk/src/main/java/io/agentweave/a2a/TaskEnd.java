package io.agentweave.a2a;

import io.agentweave.a2a.v1.TaskState;
import io.agentweave.call.Violation;
import java.util.List;

/** What an answer says about the end of a task. */
public sealed interface TaskEnd {

  /** The task has a result. */
  record Ended(TaskResult result) implements TaskEnd {}

  /** The task has none: it still runs, waits for authorization, or was cancelled. */
  record NotEnded(String taskId, TaskState state) implements TaskEnd {}

  /** The answer is no A2A. Never empty. */
  record Unreadable(List<Violation> violations) implements TaskEnd {
    public Unreadable {
      violations = List.copyOf(violations);
    }
  }
}
