package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class OtelTelemetryTest {

  private static final TraceContext REMOTE =
      new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true);

  private final CollectedSpans collected = new CollectedSpans();

  private Telemetry start() {
    return Telemetry.start(CollectedSpans.settings(1.0), collected);
  }

  @Test
  void aServedCall_isTheAgentsAndTheCapabilitysInTheTraceOfItsCaller() {
    try (Telemetry telemetry = start();
        ActiveSpan call = telemetry.callSpan(Direction.INBOUND, "ingest_event", REMOTE)) {
      try (ActiveSpan decision = telemetry.span(AgentSpan.POLICY_DECISION)) {
        decision.note(SpanKey.DECISION_ID, "d-1").note(SpanKey.PAYLOAD_SIZE, 12);
        decision.fail("denied");
      }
      assertThat(call.context().traceId()).isEqualTo(REMOTE.traceId());
    }
    SpanData call = collected.named("ingester.ingest_event");
    SpanData decision = collected.named("policy.decide");
    assertThat(call.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(call.getParentSpanId()).isEqualTo(REMOTE.spanId());
    assertThat(decision.getParentSpanId()).isEqualTo(call.getSpanId());
    assertThat(decision.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(decision, "error.type")).isEqualTo("denied");
    assertThat(attribute(decision, "agentweave.decision_id")).isEqualTo("d-1");
    assertThat(call.getResource().getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("service.name"), "ingester")
        .containsEntry(
            AttributeKey.stringKey("spiffe.id"), "spiffe://agentweave.io/agent/ingester");
  }

  @Test
  void capabilitiesThatStrangersInvent_areAllCalledOther() {
    try (Telemetry telemetry = start()) {
      for (int i = 0; i < 1000; i++) {
        telemetry.callSpan(Direction.INBOUND, "invented_" + i, null).close();
        telemetry.count(AgentMeter.CALLS, 1, "inbound", "invented_" + i, "denied");
      }
      assertThat(telemetry.scrape())
          .contains(
              "agentweave_calls_total{capability=\"other\",direction=\"inbound\","
                  + "outcome=\"denied\"} 1000.0")
          .doesNotContain("invented");
    }
    assertThat(collected.spans()).allMatch(span -> span.getName().equals("ingester.other"));
  }

  @Test
  void outboundCall_isUnderTheCurrentSpan() {
    try (Telemetry telemetry = start();
        ActiveSpan served = telemetry.callSpan(Direction.INBOUND, "ingest_event", null)) {
      telemetry.callSpan(Direction.OUTBOUND, "process_event", null).close();
      assertThat(telemetry.currentTrace()).isEqualTo(served.context());
    }
    SpanData outbound = collected.named("call process_event");
    assertThat(outbound.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(outbound.getParentSpanId())
        .isEqualTo(collected.named("ingester.ingest_event").getSpanId());
  }

  @Test
  void spanWithNullParent_startsANewTrace() {
    try (Telemetry telemetry = start();
        ActiveSpan outer = telemetry.span(AgentSpan.HANDLER);
        ActiveSpan inner = telemetry.span(AgentSpan.VALIDATION, null)) {
      assertThat(inner.context().traceId()).isNotEqualTo(outer.context().traceId());
    }
  }

  @Test
  void callerWhoDoesNotSample_isFollowed() {
    TraceContext unsampled = new TraceContext(REMOTE.traceId(), REMOTE.spanId(), false);
    try (Telemetry telemetry = start();
        ActiveSpan call = telemetry.callSpan(Direction.INBOUND, "ingest_event", unsampled)) {
      assertThat(call.context().sampled()).isFalse();
      assertThat(call.context().traceId()).isEqualTo(REMOTE.traceId());
    }
    assertThat(collected.spans()).isEmpty();
  }

  @Test
  void whatOthersNotedAboutTheTrace_isThereForTheNextCall_tracedOrNot() {
    for (boolean sampled : new boolean[] {true, false}) {
      TraceContext noted =
          new TraceContext(REMOTE.traceId(), REMOTE.spanId(), sampled, "rojo=1,congo=t61rcWkgMzE");
      try (Telemetry telemetry = start();
          ActiveSpan served = telemetry.callSpan(Direction.INBOUND, "ingest_event", noted);
          ActiveSpan called = telemetry.callSpan(Direction.OUTBOUND, "process_event", null)) {
        assertThat(served.context().state()).isEqualTo(noted.state());
        assertThat(called.context().state()).isEqualTo(noted.state());
        assertThat(telemetry.currentTrace()).isEqualTo(called.context());
      }
    }
    assertThat(collected.named("ingester.ingest_event").getSpanContext().getTraceState().asMap())
        .containsEntry("congo", "t61rcWkgMzE");
  }

  @Test
  void withoutTracing_callsStillHaveIdsToBeFoundBy() {
    TelemetrySettings settings = CollectedSpans.settings(1.0);
    TelemetrySettings off =
        new TelemetrySettings(
            settings.service(),
            settings.spiffeId(),
            settings.environment(),
            new Tracing(false, "otlp", "http://localhost:4317", 1.0),
            Set.of());
    try (Telemetry telemetry = Telemetry.start(off, collected);
        ActiveSpan call = telemetry.callSpan(Direction.INBOUND, "x", null)) {
      assertThat(TraceParent.parse(call.context().traceparent())).isEqualTo(call.context());
      assertThat(call.context().sampled()).isFalse();
      TraceContext noted = new TraceContext(REMOTE.traceId(), REMOTE.spanId(), true, "rojo=1");
      try (ActiveSpan next = telemetry.callSpan(Direction.INBOUND, "x", noted)) {
        assertThat(next.context().state()).isEqualTo("rojo=1");
      }
    }
    assertThat(collected.spans()).isEmpty();
  }

  @Test
  void requestAndDecision_areInTheLogContextUntilTheirSpanEnds() {
    MDC.put("mine", "kept");
    try (Telemetry telemetry = start()) {
      try (ActiveSpan call = telemetry.span(AgentSpan.HANDLER)) {
        call.note(SpanKey.REQUEST_ID, "r-1");
        try (ActiveSpan decision = telemetry.span(AgentSpan.POLICY_DECISION)) {
          decision.note(SpanKey.DECISION_ID, "d-1");
          assertThat(MDC.get("decision_id")).isEqualTo("d-1");
        }
        assertThat(MDC.get("request_id")).isEqualTo("r-1");
        assertThat(MDC.get("decision_id")).isNull();
      }
      assertThat(MDC.get("request_id")).isNull();
      assertThat(MDC.get("mine")).isEqualTo("kept");
    } finally {
      MDC.remove("mine");
    }
  }

  @Test
  void spanBelowAnUnsampledCall_isTheCallsOwnPlace_andItsNotesAreInTheLogAllTheSame() {
    TraceContext unsampled = new TraceContext(REMOTE.traceId(), REMOTE.spanId(), false);
    try (Telemetry telemetry = start();
        ActiveSpan call = telemetry.callSpan(Direction.INBOUND, "ingest_event", unsampled)) {
      try (ActiveSpan decision = telemetry.span(AgentSpan.POLICY_DECISION)) {
        decision.note(SpanKey.DECISION_ID, "d-1").note(SpanKey.POLICY_ID, "p").fail("denied");
        assertThat(decision.context()).isEqualTo(call.context());
        assertThat(telemetry.currentTrace()).isEqualTo(call.context());
        assertThat(MDC.get("decision_id")).isEqualTo("d-1");
        try (ActiveSpan called = telemetry.callSpan(Direction.OUTBOUND, "process_event", null)) {
          assertThat(called.context().traceId()).isEqualTo(REMOTE.traceId());
          assertThat(called.context().spanId()).isNotEqualTo(call.context().spanId());
        }
      }
      assertThat(MDC.get("decision_id")).isNull();
    }
    assertThat(collected.spans()).isEmpty();
  }

  @Test
  void labelsThatStrangersInvent_areCountedTogether_alsoOnceTheyAreKnown() {
    try (Telemetry telemetry = start()) {
      telemetry.count(AgentMeter.CALLS, 1, "outbound", "process_event", "completed");
      telemetry.callSpan(Direction.OUTBOUND, "process_event", null).close();
      telemetry.count(AgentMeter.CALLS, 1, "outbound", "process_event", "completed");
      telemetry.count(AgentMeter.CALLS, 1, "outbound", "process_event", "completed");
      assertThat(telemetry.scrape())
          .contains(
              "agentweave_calls_total{capability=\"other\",direction=\"outbound\","
                  + "outcome=\"completed\"} 1.0",
              "agentweave_calls_total{capability=\"process_event\",direction=\"outbound\","
                  + "outcome=\"completed\"} 2.0");
    }
  }

  @Test
  void spanClosedTwice_endsOnce() {
    try (Telemetry telemetry = start()) {
      ActiveSpan span = telemetry.span(AgentSpan.HANDLER);
      span.close();
      span.close();
    }
    assertThat(collected.spans()).hasSize(1);
  }

  private static String attribute(SpanData span, String key) {
    return Objects.requireNonNull(span.getAttributes().get(AttributeKey.stringKey(key)));
  }
}
