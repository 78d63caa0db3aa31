package io.agentweave.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.SteadyClock;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpaBreakerTest {
  private final AtomicReference<Instant> wall =
      new AtomicReference<>(Instant.parse("2026-05-01T12:00:00Z"));
  private final AtomicLong nanos = new AtomicLong();
  private final CircuitBreaker breaker =
      OpaBreaker.closed(Duration.ofSeconds(1), new SteadyClock(wall::get, nanos::get));

  @ParameterizedTest
  @ValueSource(longs = {-365, 365})
  void aWallClockThatIsSet_neitherOpensNorClosesTheCircuit(long days) {
    for (int i = 0; i < 5; i++) {
      assertThat(breaker.tryAcquirePermission()).isTrue();
      breaker.onError(1, TimeUnit.MILLISECONDS, new IllegalStateException("no answer"));
    }

    wall.set(wall.get().plus(Duration.ofDays(days)));
    assertThat(breaker.tryAcquirePermission()).as("it is as early as before").isFalse();
    nanos.addAndGet(Duration.ofMillis(1001).toNanos());
    assertThat(breaker.tryAcquirePermission()).as("its time has passed").isTrue();
  }
}
