package io.agentweave.call;

import java.util.Locale;

/**
 * The kinds of refusal. The word is spelled the same in status details, audit, metrics and docs.
 */
public enum RefusalKind {
  UNAUTHENTICATED(false),
  DENIED(false),
  POLICY_UNAVAILABLE(true),
  AUDIT_UNAVAILABLE(true),
  OVERLOADED(true),
  DRAINING(true),
  INVALID(false),
  DEADLINE_EXCEEDED(false),
  CANCELLED(false),
  PROTOCOL(false),
  DEPENDENCY_UNAVAILABLE(true),
  UNREACHABLE(true),
  REFUSED_BY_PEER(false),
  BROKEN(false);

  private final boolean retryable;

  RefusalKind(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether the same request may succeed later without being changed. */
  public boolean retryable() {
    return retryable;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
