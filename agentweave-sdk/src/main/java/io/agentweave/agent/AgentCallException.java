package io.agentweave.agent;

import io.agentweave.call.Refusal;

/**
 * A call to another agent did not come to an answer. Uncaught in a handler, it fails the task, and
 * the caller learns the {@link Refusal#kind} of {@link #refusal}.
 */
public final class AgentCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public AgentCallException(Refusal refusal) {
    super(refusal.kind().word() + ": " + refusal.detail());
    this.refusal = refusal;
  }

  /** Why. */
  public Refusal refusal() {
    return refusal;
  }
}
