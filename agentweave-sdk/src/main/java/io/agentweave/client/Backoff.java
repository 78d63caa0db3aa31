package io.agentweave.client;

import io.agentweave.config.TransportSection.Retry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** How long to wait before an attempt: full jitter below an exponentially growing bound. */
final class Backoff {
  private final Retry retry;
  private final Supplier<? extends RandomGenerator> random;

  Backoff(Retry retry, Supplier<? extends RandomGenerator> random) {
    this.retry = retry;
    this.random = random;
  }

  /**
   * @param failed number of the attempt that failed, from 1
   * @param notBefore the target's own hint, which the jitter comes on top of
   */
  Duration afterAttempt(int failed, Duration notBefore) {
    Duration bound = retry.baseDelay().multipliedBy(1L << Math.min(failed - 1, 20));
    if (bound.compareTo(retry.maxDelay()) > 0) {
      bound = retry.maxDelay();
    }
    return notBefore.plusNanos((long) (bound.toNanos() * random.get().nextDouble()));
  }
}
