package io.agentweave.server;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;

/**
 * A handler with its parameters bound. It runs at most once, on the virtual thread of its call,
 * which is interrupted when the deadline passes or the caller gives up.
 */
@FunctionalInterface
public interface Invocation {

  /**
   * Does the work. A failed task is an answer; a refusal says that the work was not done, and why.
   * What it throws becomes {@link io.agentweave.call.Refusal.Broken}.
   */
  CallOutcome<TaskResult> run(ServedCall call);
}
