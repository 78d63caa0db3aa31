package io.agentweave.server;

import io.agentweave.a2a.v1.TaskState;
import java.time.Instant;
import java.util.Comparator;

/** What a list of tasks is chosen and put in order by. */
record TaskGlance(TaskId id, String contextId, TaskState state, Instant statusTime) {
  /** The one whose status changed last first. */
  static final Comparator<TaskGlance> NEWEST_FIRST =
      Comparator.comparing(TaskGlance::statusTime).thenComparing(TaskGlance::id).reversed();

  static TaskGlance of(ServedTask task) {
    return new TaskGlance(TaskId.of(task.id()), task.contextId(), task.state(), task.statusTime());
  }
}
