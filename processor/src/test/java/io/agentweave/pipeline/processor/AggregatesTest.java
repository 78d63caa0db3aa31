package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AggregatesTest {
  private Instant now = Instant.parse("2026-11-18T12:00:30Z");
  private final Aggregates aggregates = new Aggregates(() -> now);

  private void add(String type) {
    aggregates.add(
        Transformation.storable(
            new EnrichedEvent(Events.event("a", type, "ada"), User.UNKNOWN, "Wednesday", 12)));
  }

  @Test
  void typesWithoutEnd_countAsOther() {
    IntStream.range(0, 1_000).forEach(i -> add("type-" + i));
    assertThat(aggregates.now().byType()).hasSize(101).containsEntry("other", 900L);
    assertThat(aggregates.now().byTier()).containsEntry("free", 1_000L);
  }

  @Test
  void minutes_passOutOfTheHour() {
    add("a");
    now = now.plusSeconds(59 * 60);
    add("a");
    assertThat(aggregates.now().lastHour()).isEqualTo(2);
    assertThat(aggregates.now().lastMinute()).isEqualTo(1);
    now = now.plusSeconds(60);
    assertThat(aggregates.now().lastHour()).isEqualTo(1);
    now = now.plusSeconds(24 * 3600);
    assertThat(aggregates.now().lastHour()).isZero();
  }
}
