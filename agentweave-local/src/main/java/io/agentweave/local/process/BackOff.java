package io.agentweave.local.process;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: anything between nothing and a bound that doubles with each
 * failure ("full jitter"), so that things that failed together do not come back together.
 */
final class BackOff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private int failures;

  BackOff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /** Counts a failure and says how long to wait after it. */
  Duration afterFailure() {
    long bound = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures, 20));
    failures++;
    return Duration.ofMillis(random.nextLong(bound + 1));
  }

  /** Forgets the failures. */
  void reset() {
    failures = 0;
  }
}
