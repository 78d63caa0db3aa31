package io.agentweave.server;

import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Direction;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.AgentSpan;
import io.agentweave.telemetry.CallExemplar;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.util.function.Supplier;

/** The spans and counts within an inbound call. */
final class CallTelemetry {
  private final Telemetry telemetry;

  CallTelemetry(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** Makes a decision, in a span of its own, and counts it. */
  Decision decision(Supplier<Decision> decide) {
    long begin = System.nanoTime();
    try (ActiveSpan span = telemetry.span(AgentSpan.POLICY_DECISION)) {
      Decision decision = decide.get();
      String reason = reason(decision);
      span.note(SpanKey.DECISION, decision.word())
          .note(SpanKey.DECISION_ID, decision.id())
          .note(SpanKey.DECISION_REASON, reason)
          .note(SpanKey.POLICY_ID, policyId(decision))
          .note(SpanKey.POLICY_REVISION, decision.revision())
          .note(SpanKey.REUSED, String.valueOf(decision instanceof Permit p && p.reused()));
      count(
          decision,
          Duration.ofNanos(System.nanoTime() - begin),
          new CallExemplar(span.context(), decision.id()));
      if (!(decision instanceof Permit)) {
        span.fail(decision.word());
      }
      return decision;
    }
  }

  private void count(Decision decision, Duration duration, CallExemplar exemplar) {
    String direction = Direction.INBOUND.word();
    telemetry.count(AgentMeter.DECISIONS, 1, exemplar, direction, decision.word());
    telemetry.time(AgentMeter.DECISION_DURATION, duration, exemplar, decision.word());
    if (decision instanceof Permit permit && permit.reused()) {
      telemetry.count(AgentMeter.DECISIONS_REUSED, 1, direction);
    }
    if (decision instanceof Permit permit && permit.shadow()) {
      telemetry.count(AgentMeter.DECISIONS_SHADOWED, 1, direction);
    }
  }

  /** Runs the handler, in a span of its own. */
  <T> T handler(Supplier<T> run) {
    try (var _ = telemetry.span(AgentSpan.HANDLER)) {
      return run.get();
    }
  }

  /** Binds and checks a payload, in a span of its own. */
  Decoded validation(Supplier<Decoded> decode) {
    try (ActiveSpan span = telemetry.span(AgentSpan.VALIDATION)) {
      Decoded decoded = decode.get();
      if (decoded instanceof Decoded.Invalid) {
        span.fail("invalid");
      }
      return decoded;
    }
  }

  /** One word that says why a decision is what it is. */
  static String reason(Decision decision) {
    return switch (decision) {
      case Permit permit -> permit.overruled().map(CallTelemetry::reason).orElse("granted");
      case Denied denied -> denied.reason();
      case Unavailable unavailable -> unavailable.fault();
    };
  }

  /** The rule or grant that decided; empty when none did. */
  static String policyId(Decision decision) {
    return switch (decision) {
      case Permit permit -> permit.policyId();
      case Denied denied -> denied.policyId();
      case Unavailable unavailable -> "";
    };
  }
}
