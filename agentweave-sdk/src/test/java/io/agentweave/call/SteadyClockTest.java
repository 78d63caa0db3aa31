package io.agentweave.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private final AtomicReference<Instant> wall = new AtomicReference<>(NOON);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

  @Test
  void aWallClockThatIsSetBackOrForward_changesNothing() {
    assertThat(clock.instant()).isEqualTo(NOON);

    wall.set(NOON.minus(Duration.ofDays(365)));
    assertThat(clock.instant()).isEqualTo(NOON);
    wall.set(NOON.plus(Duration.ofDays(365)));
    assertThat(clock.instant()).isEqualTo(NOON);
  }

  @Test
  void timeThatPasses_isSeen_alsoWhereNanosecondsOverflow() {
    nanos.addAndGet(Duration.ofSeconds(90).toNanos());

    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90));
    assertThat(clock.millis()).isEqualTo(NOON.plusSeconds(90).toEpochMilli());
    assertThat(clock.withZone(ZoneOffset.ofHours(2)).instant()).isEqualTo(NOON.plusSeconds(90));
  }
}
