package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Delays jitter over the whole range, and the range grows to its cap. */
final class BackoffTest {
  private static final Duration BASE = Duration.ofMillis(100);
  private static final Duration CAP = Duration.ofSeconds(10);

  @Test
  void noDelay_isBeyondItsCeiling() {
    Anything.tried(
        200,
        any -> {
          Backoff backoff = new Backoff(BASE, CAP, new Random(any.number()));
          Duration ceiling = BASE;
          for (int i = 0; i < 20; i++) {
            assertThat(backoff.next()).isBetween(Duration.ZERO, ceiling);
            ceiling = ceiling.multipliedBy(2).compareTo(CAP) > 0 ? CAP : ceiling.multipliedBy(2);
          }
        });
  }

  @Test
  void delays_useTheWholeRange_andStartAgainAfterAReset() {
    Backoff backoff = new Backoff(BASE, CAP, new Random(1));
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }
    Duration longest = Duration.ZERO;
    Duration shortest = CAP;
    for (int i = 0; i < 200; i++) {
      Duration delay = backoff.next();
      longest = delay.compareTo(longest) > 0 ? delay : longest;
      shortest = delay.compareTo(shortest) < 0 ? delay : shortest;
    }
    assertThat(longest).isGreaterThan(Duration.ofSeconds(9));
    assertThat(shortest).isLessThan(Duration.ofSeconds(1));

    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(BASE);
  }
}
