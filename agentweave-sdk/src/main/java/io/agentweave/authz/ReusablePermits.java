package io.agentweave.authz;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The permits that policy itself allowed to be used again, each for as long as it said and only
 * under the revision that gave it. Refusals are never kept.
 */
final class ReusablePermits {
  private final KnownAnswers<Permit> permits;

  ReusablePermits(LongSupplier nanoTime) {
    permits = new KnownAnswers<>(Permit::reusableFor, Permit::sameFor, nanoTime);
  }

  /**
   * An earlier permit, which may be used if its revision still answers; null when there is none.
   */
  @Nullable Permit find(PolicyInput input, String peerSvidSerial) {
    return permits.find(input, peerSvidSerial);
  }

  void forget(PolicyInput input, String peerSvidSerial) {
    permits.forget(input, peerSvidSerial);
  }

  void keep(PolicyInput input, String peerSvidSerial, Permit permit) {
    if (!permit.revision().isEmpty() && permit.reusableFor().isPositive()) {
      permits.keep(input, peerSvidSerial, permit);
    }
  }
}
