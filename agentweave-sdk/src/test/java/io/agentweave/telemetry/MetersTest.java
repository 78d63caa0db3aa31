package io.agentweave.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetersTest {

  private final Meters meters = new Meters(name -> name);

  @AfterEach
  void close() {
    meters.close();
  }

  private String scraped() {
    return new String(meters.scrape(), UTF_8);
  }

  @Test
  void counters_count() {
    meters.count(AgentMeter.DECISIONS, 1, "inbound", "permit");
    meters.count(AgentMeter.DECISIONS, 2, "inbound", "permit");
    meters.count(AgentMeter.DECISIONS, 1, "inbound", "unavailable");
    assertThat(scraped())
        .contains("agentweave_decisions_total{direction=\"inbound\",outcome=\"permit\"} 3.0")
        .contains("agentweave_decisions_total{direction=\"inbound\",outcome=\"unavailable\"} 1.0");
  }

  @Test
  void timers_areHistogramsInSeconds() {
    meters.time(AgentMeter.DECISION_DURATION, Duration.ofMillis(30), "permit");
    assertThat(scraped())
        .contains("agentweave_decision_duration_seconds_bucket{outcome=\"permit\",le=\"0.025\"} 0")
        .contains("agentweave_decision_duration_seconds_bucket{outcome=\"permit\",le=\"0.05\"} 1")
        .contains("agentweave_decision_duration_seconds_sum{outcome=\"permit\"} 0.03");
  }

  @Test
  void gauges_readTheLastSupplierAndSurviveAFailingOne() {
    meters.gauge(AgentMeter.DEAD_LETTERS_OPEN, () -> 1);
    meters.gauge(AgentMeter.DEAD_LETTERS_OPEN, () -> 2);
    meters.gauge(
        AgentMeter.CIRCUITS_OPEN,
        () -> {
          throw new IllegalStateException("no database");
        });
    assertThat(scraped())
        .contains("agentweave_dead_letters_open 2.0")
        .contains("agentweave_circuits_open NaN");
  }

  @Test
  void theNumberOfSeries_isBounded() {
    for (int i = 0; i < 2 * Meters.MOST_SERIES; i++) {
      meters.count(AgentMeter.CALLS_LIMITED, 1, "limit-" + i);
    }
    assertThat(scraped().lines().filter(line -> line.startsWith("agentweave_calls_limited_total")))
        .hasSize(Meters.MOST_SERIES + 1)
        .contains("agentweave_calls_limited_total{limit=\"other\"} " + (double) Meters.MOST_SERIES);
  }

  @Test
  void wrongKindOrLabels_areABug() {
    assertThatThrownBy(() -> meters.count(AgentMeter.CALLS, 1, "inbound"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> meters.time(AgentMeter.DECISIONS, Duration.ZERO, "inbound", "permit"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theJvm_isMeasuredToo() {
    assertThat(scraped()).contains("jvm_memory_used_bytes").contains("process_files_open_files");
    assertThat(scraped())
        .contains("process_cpu_seconds_total ")
        .contains("system_cpus ")
        .doesNotContain("process_cpu_time_ns")
        .doesNotContain("system_cpu_count");
  }

  @ParameterizedTest
  @EnumSource(AgentMeter.class)
  void noMeter_hasAPeerAsItsLabel(AgentMeter meter) {
    assertThat(meter.labels())
        .isSubsetOf(
            "direction", "capability", "outcome", "rule", "limit", "reason", "kind", "cause");
  }
}
