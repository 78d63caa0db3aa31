package io.agentweave.cli;

import io.agentweave.call.Refusal;

/** How the command ends, for scripts. */
enum ExitCode {
  DONE(0),
  /** The agent said no, or failed. */
  FAILED(1),
  /** The command was not understood. */
  USAGE(2),
  /** The agent could not be reached, or identity or policy refused. */
  REFUSED(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The code for a call that ended with {@code refusal}. */
  static ExitCode of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Invalid r -> FAILED;
      case Refusal.Protocol r -> FAILED;
      case Refusal.Broken r -> FAILED;
      case Refusal.Cancelled r -> FAILED;
      case Refusal.DependencyUnavailable r -> FAILED;
      case Refusal.RefusedByPeer r -> ofPeer(r);
      case Refusal.Unauthenticated r -> REFUSED;
      case Refusal.Denied r -> REFUSED;
      case Refusal.PolicyUnavailable r -> REFUSED;
      case Refusal.AuditUnavailable r -> REFUSED;
      case Refusal.Overloaded r -> REFUSED;
      case Refusal.Draining r -> REFUSED;
      case Refusal.DeadlineExceeded r -> REFUSED;
      case Refusal.Unreachable r -> REFUSED;
    };
  }

  private static ExitCode ofPeer(Refusal.RefusedByPeer refusal) {
    if (refusal.remoteKind() == null) {
      return FAILED;
    }
    return switch (refusal.remoteKind()) {
      case UNAUTHENTICATED,
          DENIED,
          POLICY_UNAVAILABLE,
          AUDIT_UNAVAILABLE,
          OVERLOADED,
          DRAINING,
          DEADLINE_EXCEEDED,
          UNREACHABLE ->
          REFUSED;
      case INVALID, CANCELLED, PROTOCOL, DEPENDENCY_UNAVAILABLE, REFUSED_BY_PEER, BROKEN -> FAILED;
    };
  }
}
