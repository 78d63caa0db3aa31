package io.agentweave.client;

import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import java.time.Duration;

/** Which refused attempts may be made again, and what the refusal says about when. */
final class RetryRule {
  private RetryRule() {}

  /**
   * Whether trying again can help and can do no harm: the target certainly did nothing, or doing it
   * twice is as good as once, and the caller has heard nothing of it yet.
   */
  static boolean allows(Refusal refusal, Attempt attempt) {
    if (attempt.heard()) {
      return false;
    }
    boolean harmless = !attempt.mayHaveRun() || attempt.outgoing().idempotent();
    return switch (refusal) {
      case Refusal.PolicyUnavailable r -> true;
      case Refusal.Overloaded r -> true;
      case Refusal.Unreachable r -> harmless;
      case Refusal.RefusedByPeer r ->
          r.remoteKind() != null && allows(r.remoteKind(), attempt.outgoing().idempotent());
      case Refusal.Unauthenticated r -> false;
      case Refusal.Denied r -> false;
      case Refusal.AuditUnavailable r -> false;
      case Refusal.Draining r -> false;
      case Refusal.Invalid r -> false;
      case Refusal.DeadlineExceeded r -> false;
      case Refusal.Cancelled r -> false;
      case Refusal.Protocol r -> false;
      case Refusal.DependencyUnavailable r -> false;
      case Refusal.Broken r -> false;
    };
  }

  /**
   * The first four stand before the handler, so that it did not run; of one that ran when its agent
   * stopped, its agent says that a dependency is missing.
   */
  private static boolean allows(RefusalKind remote, boolean idempotent) {
    return switch (remote) {
      case OVERLOADED, DRAINING, POLICY_UNAVAILABLE, AUDIT_UNAVAILABLE -> true;
      case DEPENDENCY_UNAVAILABLE, UNREACHABLE -> idempotent;
      case UNAUTHENTICATED,
          DENIED,
          INVALID,
          DEADLINE_EXCEEDED,
          CANCELLED,
          PROTOCOL,
          REFUSED_BY_PEER,
          BROKEN ->
          false;
    };
  }

  /** The earliest moment that makes sense, as far as the refusal says. */
  static Duration notBefore(Refusal refusal) {
    if (refusal instanceof Refusal.Overloaded overloaded) {
      return overloaded.retryAfter();
    }
    return refusal instanceof Refusal.RefusedByPeer peer && peer.retryAfter() != null
        ? peer.retryAfter()
        : Duration.ZERO;
  }
}
