package io.agentweave.identity;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: any delay from nothing up to a ceiling that doubles, so
 * that a thousand agents do not come back at once. For one thread.
 */
final class Backoff {
  private final Duration base;
  private final Duration cap;
  private final RandomGenerator random;
  private Duration ceiling;

  Backoff(Duration base, Duration cap, RandomGenerator random) {
    this.base = base;
    this.cap = cap;
    this.random = random;
    this.ceiling = base;
  }

  Duration next() {
    Duration delay = Duration.ofNanos(random.nextLong(ceiling.toNanos() + 1));
    Duration doubled = ceiling.multipliedBy(2);
    ceiling = doubled.compareTo(cap) > 0 ? cap : doubled;
    return delay;
  }

  /** Starts again from the base. */
  void reset() {
    ceiling = base;
  }
}
