package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SourceRatesTest {
  private final AtomicLong nanos = new AtomicLong(-1);
  private final TimeMeter meter =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };
  private final SourceRates rates = new SourceRates(IngestionTest.settings(2), meter);

  @Test
  void aSourceThatUsedItsSecondUp_waitsForTimeToPass_notForTheWallClock() {
    assertThat(rates.retryAfter("web")).isEmpty();
    assertThat(rates.retryAfter("web")).isEmpty();

    assertThat(rates.retryAfter("web")).hasValue(Duration.ofMillis(500));
    assertThat(rates.retryAfter("other")).as("not for another's sins").isEmpty();
    nanos.addAndGet(Duration.ofMillis(500).toNanos());
    assertThat(rates.retryAfter("web")).isEmpty();
    assertThat(rates.retryAfter("web")).isPresent();
  }

  @Test
  void aClockThatMayBeSet_isRefused() {
    assertThatThrownBy(
            () -> new SourceRates(IngestionTest.settings(2), TimeMeter.SYSTEM_MILLISECONDS))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
