package io.agentweave.authz;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

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
   * An earlier permit under an id of its own.
   *
   * @param revision asked only when there is one; empty means that nobody knows, so no reuse
   */
  Optional<Permit> find(PolicyInput input, String peerSvidSerial, Supplier<String> revision) {
    Permit earlier = permits.find(input, peerSvidSerial);
    if (earlier == null) {
      return Optional.empty();
    }
    if (!earlier.revision().equals(revision.get())) {
      permits.forget(input, peerSvidSerial);
      return Optional.empty();
    }
    return Optional.of(earlier.reusedAs(DecisionId.next()));
  }

  void keep(PolicyInput input, String peerSvidSerial, Permit permit) {
    if (!permit.revision().isEmpty() && permit.reusableFor().isPositive()) {
      permits.keep(input, peerSvidSerial, permit);
    }
  }
}
