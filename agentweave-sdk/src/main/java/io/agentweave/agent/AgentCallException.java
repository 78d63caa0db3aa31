package io.agentweave.agent;

import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;

/**
 * A call to another agent did not come to an answer. Uncaught in a handler, it ends the handler's
 * own call: as {@link Refusal.DependencyUnavailable}, which its caller may try again, when trying
 * {@link #refusal} again may help, and as a failed task otherwise.
 */
public final class AgentCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient SpiffeId target;
  private final transient String capability;
  private final transient Refusal refusal;

  public AgentCallException(SpiffeId target, String capability, Refusal refusal) {
    super(
        "%s of %s: %s: %s".formatted(capability, target, refusal.kind().word(), refusal.detail()));
    this.target = target;
    this.capability = capability;
    this.refusal = refusal;
  }

  /** Who was called. */
  public SpiffeId target() {
    return target;
  }

  /** What it was asked to do. */
  public String capability() {
    return capability;
  }

  /** Why there is no answer. */
  public Refusal refusal() {
    return refusal;
  }

  /** Whether the same call may succeed later without being changed. */
  public boolean retryable() {
    return refusal instanceof Refusal.RefusedByPeer peer
        ? peer.remoteKind() != null && peer.remoteKind().retryable()
        : refusal.kind().retryable();
  }
}
