package io.agentweave.client;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.CallExemplar;
import io.agentweave.telemetry.SpanKey;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees every outbound call from its beginning to its end, refused ones included. */
final class Observing<R> implements Stage<Outgoing, Outgoing, R> {
  private static final Logger LOG = LoggerFactory.getLogger(Observing.class);

  private final ClientParts parts;

  Observing(ClientParts parts) {
    this.parts = parts;
  }

  @Override
  public CallOutcome<R> pass(Outgoing outgoing, Next<Outgoing, R> next) {
    long start = System.nanoTime();
    Call call = outgoing.call();
    try (ActiveSpan span = parts.telemetry().callSpan(call.direction(), call.action(), null)) {
      Subjects.note(span, outgoing);
      CallOutcome<R> outcome = proceed(outgoing, next);
      Duration duration = Duration.ofNanos(System.nanoTime() - start);
      span.note(SpanKey.OUTCOME, outcome.word());
      if (outcome instanceof CallOutcome.Refused<R>(Refusal refusal)) {
        span.note(SpanKey.REFUSAL_DETAIL, refusal.detail());
        span.fail(refusal.kind().word());
      }
      measure(
          call, outcome, duration, new CallExemplar(span.context(), outgoing.trail().decisionId()));
      writeDown(outgoing, outcome, duration);
      return outcome;
    }
  }

  private void measure(
      Call call, CallOutcome<R> outcome, Duration duration, CallExemplar exemplar) {
    String direction = call.direction().word();
    parts
        .telemetry()
        .count(AgentMeter.CALLS, 1, exemplar, direction, call.action(), outcome.word());
    parts
        .telemetry()
        .time(
            AgentMeter.CALL_DURATION, duration, exemplar, direction, call.action(), outcome.word());
  }

  private CallOutcome<R> proceed(Outgoing outgoing, Next<Outgoing, R> next) {
    try {
      return next.proceed(outgoing);
    } catch (Throwable e) {
      LOG.error("request {}: an outbound stage threw", outgoing.call().requestId(), e);
      return CallOutcome.refused(new Refusal.Broken("an outbound stage threw " + e.getClass()));
    }
  }

  private void writeDown(Outgoing outgoing, CallOutcome<R> outcome, Duration duration) {
    AuditReceipt receipt =
        parts
            .audit()
            .record(
                new AuditEvent.Ended(
                    Subjects.of(outgoing, parts.telemetry()),
                    outcome.word(),
                    detail(outgoing, outcome),
                    outgoing.trail().decisionId(),
                    duration));
    if (receipt instanceof AuditReceipt.Unwritable(String reason)) {
      LOG.error("request {}: its end is not in the audit: {}", outgoing.call().requestId(), reason);
    }
  }

  private String detail(Outgoing outgoing, CallOutcome<R> outcome) {
    String attempts =
        outgoing.trail().attempts() > 1 ? "attempt " + outgoing.trail().attempts() : "";
    return switch (outcome) {
      case CallOutcome.Answered<R> a -> attempts;
      case CallOutcome.Refused<R>(Refusal refusal) ->
          attempts.isEmpty() ? refusal.detail() : attempts + ": " + refusal.detail();
    };
  }
}
