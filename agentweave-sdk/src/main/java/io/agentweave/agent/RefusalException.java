package io.agentweave.agent;

import io.agentweave.call.Refusal;

/**
 * Thrown by a handler that does not do its work: its call ends with {@link #refusal} instead of an
 * answer. {@link Refusal.DependencyUnavailable} and {@link Refusal.Overloaded} tell the caller that
 * trying again helps; what is thrown here must hold that nothing was done, or that doing it again
 * does no harm.
 */
public final class RefusalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusalException(Refusal refusal) {
    super(refusal.kind().word() + ": " + refusal.detail());
    this.refusal = refusal;
  }

  public RefusalException(Refusal refusal, Throwable cause) {
    super(refusal.kind().word() + ": " + refusal.detail(), cause);
    this.refusal = refusal;
  }

  /** Why. */
  public Refusal refusal() {
    return refusal;
  }
}
