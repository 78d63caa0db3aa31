package io.agentweave.authz;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The permits that policy itself allowed to be used again, each for as long as it said and only
 * under the revision that gave it. Refusals are never kept.
 */
final class ReusablePermits {
  private static final int MAX_PERMITS = 10_000;

  private final Cache<ReuseKey, Permit> permits;

  ReusablePermits(LongSupplier nanoTime) {
    permits =
        Caffeine.newBuilder()
            .maximumSize(MAX_PERMITS)
            .expireAfter(Expiry.<ReuseKey, Permit>writing((key, permit) -> permit.reusableFor()))
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /**
   * An earlier permit under an id of its own.
   *
   * @param revision asked only when there is one; empty means that nobody knows, so no reuse
   */
  Optional<Permit> find(ReuseKey key, Supplier<String> revision) {
    Permit earlier = permits.getIfPresent(key);
    if (earlier == null) {
      return Optional.empty();
    }
    if (!earlier.revision().equals(revision.get())) {
      permits.invalidate(key);
      return Optional.empty();
    }
    return Optional.of(earlier.reusedAs(DecisionId.next()));
  }

  void keep(ReuseKey key, Permit permit) {
    if (!permit.revision().isEmpty() && permit.reusableFor().isPositive()) {
      permits.put(key, permit);
    }
  }
}
