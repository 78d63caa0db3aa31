package io.agentweave.server;

import io.agentweave.authz.Decision;
import io.agentweave.call.Direction;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentSpan;
import io.agentweave.telemetry.DecisionTelemetry;
import io.agentweave.telemetry.Telemetry;
import java.util.function.Supplier;

/** The spans and counts within an inbound call. */
final class CallTelemetry {
  private final Telemetry telemetry;
  private final DecisionTelemetry decisions;

  CallTelemetry(Telemetry telemetry) {
    this.telemetry = telemetry;
    decisions = new DecisionTelemetry(telemetry, Direction.INBOUND);
  }

  /** Has a decision made, in a span of its own, and counts it. */
  Decision decision(Supplier<Decision> decide) {
    return decisions.observe(decide);
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
}
