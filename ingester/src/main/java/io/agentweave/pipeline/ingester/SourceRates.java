package io.agentweave.pipeline.ingester;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * Step 3: a token bucket for each source. It holds a second's worth. A bounded number of sources is
 * told apart; one that was not heard of for long starts anew. Safe for use by many threads.
 */
final class SourceRates {
  private final Cache<String, Bucket> buckets;
  private final Bandwidth rate;
  private final TimeMeter meter;

  SourceRates(IngesterConfig.Ingester settings) {
    // The library's usual meter is the wall clock: set back, it fills no bucket until it has caught
    // up.
    this(settings, TimeMeter.SYSTEM_NANOTIME);
  }

  /**
   * @param meter what buckets are filled by; none that somebody may set
   */
  SourceRates(IngesterConfig.Ingester settings, TimeMeter meter) {
    if (meter.isWallClockBased()) {
      throw new IllegalArgumentException("rates can't go by a clock that may be set");
    }
    this.meter = meter;
    this.rate =
        Bandwidth.builder()
            .capacity(settings.rate())
            .refillGreedy(settings.rate(), Duration.ofSeconds(1))
            .build();
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(settings.sources())
            .expireAfterAccess(Duration.ofMinutes(5))
            .executor(Runnable::run)
            .build();
  }

  /** Lets an event of a source in, or says when to try again. */
  Optional<Duration> retryAfter(String source) {
    Bucket bucket =
        buckets.get(
            source, name -> Bucket.builder().addLimit(rate).withCustomTimePrecision(meter).build());
    var probe = bucket.tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }
}
