package io.agentweave.telemetry;

import io.agentweave.authz.Decision;
import io.agentweave.authz.Permit;
import io.agentweave.call.Direction;
import java.time.Duration;
import java.util.function.Supplier;

/** The span and the counts of policy decisions, on one side of calls. Safe for many threads. */
public final class DecisionTelemetry {
  private final Telemetry telemetry;
  private final String direction;

  public DecisionTelemetry(Telemetry telemetry, Direction direction) {
    this.telemetry = telemetry;
    this.direction = direction.word();
  }

  /** Has a decision made, in a span of its own, and counts it. */
  public Decision observe(Supplier<Decision> decide) {
    long begin = System.nanoTime();
    try (ActiveSpan span = telemetry.span(AgentSpan.POLICY_DECISION)) {
      Decision decision = decide.get();
      Duration duration = Duration.ofNanos(System.nanoTime() - begin);
      span.note(SpanKey.DECISION, decision.word())
          .note(SpanKey.DECISION_ID, decision.id())
          .note(SpanKey.DECISION_REASON, decision.reason())
          .note(SpanKey.POLICY_ID, decision.policyId())
          .note(SpanKey.POLICY_REVISION, decision.revision())
          .note(SpanKey.REUSED, String.valueOf(decision.reused()));
      count(decision, duration, new CallExemplar(span.context(), decision.id()));
      if (!(decision instanceof Permit)) {
        span.fail(decision.word());
      }
      return decision;
    }
  }

  private void count(Decision decision, Duration duration, CallExemplar exemplar) {
    telemetry.count(AgentMeter.DECISIONS, 1, exemplar, direction, decision.word());
    telemetry.time(AgentMeter.DECISION_DURATION, duration, exemplar, decision.word());
    if (decision.reused()) {
      telemetry.count(AgentMeter.DECISIONS_REUSED, 1, direction);
    }
    if (decision.shadow()) {
      telemetry.count(AgentMeter.DECISIONS_SHADOWED, 1, direction);
    }
  }
}
