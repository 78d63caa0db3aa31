package io.agentweave.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.agentweave.identity.SpiffeId;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One token bucket for each peer and rate class: full at first, and refilled evenly.
 *
 * <p>Keeps the {@value #MAX_BUCKETS} buckets that were used last. A bucket that nobody used for
 * {@link #FORGOTTEN_AFTER} is full again anyway.
 */
final class PeerRates {
  static final int MAX_BUCKETS = 10_000;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

  private final int ordinaryRate;
  private final Map<String, Integer> rateByClass;
  private final TimeMeter clock;
  private final Cache<Key, Bucket> buckets;

  PeerRates(int ordinaryRate, Map<String, Integer> rateByClass, LongSupplier nanoTime) {
    this.ordinaryRate = ordinaryRate;
    this.rateByClass = rateByClass;
    clock = new NanoMeter(nanoTime);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** Takes a token; when there is none, says when there will be one. */
  Optional<Duration> refusal(SpiffeId peer, @Nullable String rateClass) {
    String known = rateClass != null && rateByClass.containsKey(rateClass) ? rateClass : "";
    ConsumptionProbe probe =
        buckets.get(new Key(peer, known), this::fullBucket).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  long size() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  private Bucket fullBucket(Key key) {
    int rate = rateByClass.getOrDefault(key.rateClass(), ordinaryRate);
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, Duration.ofSeconds(1)))
        .withCustomTimePrecision(clock)
        .build();
  }

  private record Key(SpiffeId peer, String rateClass) {}

  private record NanoMeter(LongSupplier nanoTime) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
