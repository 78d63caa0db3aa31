package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.call.TraceContext;
import java.time.Duration;
import java.util.List;
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
    return meters.scrape("").text();
  }

  @Test
  void counters_count() {
    meters.count(AgentMeter.DECISIONS, 1, null, "inbound", "permit");
    meters.count(AgentMeter.DECISIONS, 2, null, "inbound", "permit");
    meters.count(AgentMeter.DECISIONS, 1, null, "inbound", "unavailable");
    assertThat(scraped())
        .contains("agentweave_decisions_total{direction=\"inbound\",outcome=\"permit\"} 3.0")
        .contains("agentweave_decisions_total{direction=\"inbound\",outcome=\"unavailable\"} 1.0");
  }

  @Test
  void timers_areHistogramsInSeconds() {
    meters.time(AgentMeter.DECISION_DURATION, Duration.ofMillis(30), null, "permit");
    assertThat(scraped())
        .contains("agentweave_decision_duration_seconds_bucket{outcome=\"permit\",le=\"0.025\"} 0")
        .contains("agentweave_decision_duration_seconds_bucket{outcome=\"permit\",le=\"0.05\"} 1")
        .contains("agentweave_decision_duration_seconds_sum{outcome=\"permit\"} 0.03");
  }

  @Test
  void openMetrics_leadsFromANumberToItsLatestCall() {
    TraceContext trace = new TraceContext("a".repeat(32), "b".repeat(16), true);
    meters.count(AgentMeter.DECISIONS, 1, new CallExemplar(trace, "d-1"), "inbound", "denied");
    meters.count(AgentMeter.DECISIONS, 1, new CallExemplar(trace, "d-2"), "inbound", "denied");
    meters.count(AgentMeter.DECISIONS, 1, null, "inbound", "permit");

    Scrape scrape = meters.scrape("application/openmetrics-text; version=1.0.0");
    assertThat(scrape.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(scrape.text())
        .containsPattern(
            "agentweave_decisions_total\\{direction=\"inbound\",outcome=\"denied\"} 2.0"
                + " # \\{decision_id=\"d-2\",span_id=\"b{16}\",trace_id=\"a{32}\"} 1.0 [0-9.]+\n")
        .contains("agentweave_decisions_total{direction=\"inbound\",outcome=\"permit\"} 1.0\n")
        .doesNotContain("d-1")
        .endsWith("# EOF\n");
    assertThat(scraped()).contains("outcome=\"denied\"} 2.0\n").doesNotContain("d-2");
  }

  @Test
  void whoeverAcceptsOtherFormatsOnly_getsText() {
    meters.count(AgentMeter.AUDIT_UNWRITABLE, 1, null);
    String protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    for (String accept : List.of(protobuf + ";q=0.6,*/*;q=0.1", "application/json", "*/*")) {
      Scrape scrape = meters.scrape(accept);
      assertThat(scrape.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      assertThat(scrape.text()).contains("\nagentweave_audit_unwritable_total 1.0\n");
    }
    Scrape both = meters.scrape(protobuf + ";q=0.6,application/openmetrics-text;version=1.0.0");
    assertThat(both.contentType()).startsWith("application/openmetrics-text");
    assertThat(both.text()).endsWith("# EOF\n");
  }

  @Test
  void openMetrics_hasOneCallForEachBucket() {
    for (int millis : new int[] {1, 30, 50, 90_000}) {
      meters.time(
          AgentMeter.DECISION_DURATION,
          Duration.ofMillis(millis),
          new CallExemplar(null, "after-" + millis),
          "permit");
    }
    String text = meters.scrape("application/openmetrics-text").text();
    assertThat(text)
        .containsPattern("le=\"0.001\"} 1 # \\{decision_id=\"after-1\"} 0.001 ")
        .containsPattern("le=\"0.05\"} 3 # \\{decision_id=\"after-50\"} 0.05 ")
        .containsPattern("le=\"\\+Inf\"} 4 # \\{decision_id=\"after-90000\"} 90.0 ")
        .containsPattern("le=\"0.025\"} 1\n")
        .doesNotContain("after-30");
  }

  @Test
  void aTraceThatNobodyKeeps_isNoExemplar() {
    TraceContext unsampled = new TraceContext("a".repeat(32), "b".repeat(16), false);
    CallExemplar nothing = new CallExemplar(unsampled, null);
    meters.count(AgentMeter.DECISIONS, 1, nothing, "inbound", "denied");
    assertThat(meters.scrape("application/openmetrics-text").text())
        .contains("agentweave_decisions_total{direction=\"inbound\",outcome=\"denied\"} 1.0\n");
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
      meters.count(AgentMeter.CALLS_LIMITED, 1, null, "limit-" + i);
    }
    assertThat(scraped().lines().filter(line -> line.startsWith("agentweave_calls_limited_total")))
        .hasSize(Meters.MOST_SERIES + 1)
        .contains("agentweave_calls_limited_total{limit=\"other\"} " + (double) Meters.MOST_SERIES);
  }

  @Test
  void wrongKindOrLabels_areABug() {
    assertThatThrownBy(() -> meters.count(AgentMeter.CALLS, 1, null, "inbound"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> meters.time(AgentMeter.DECISIONS, Duration.ZERO, null, "inbound", "permit"))
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
