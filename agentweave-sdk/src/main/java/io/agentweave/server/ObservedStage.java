package io.agentweave.server;

import com.google.protobuf.ByteString;
import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Direction;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.CallExemplar;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down, traces and measures every call that arrives, once each, whatever becomes of it. The
 * record is written before the answer leaves. Reads the message only to know what to call the call.
 */
final class ObservedStage implements Stage<ReceivedCall, ObservedCall, Reply> {
  private static final Logger log = LoggerFactory.getLogger(ObservedStage.class);

  private final RequestReader reader;
  private final AuditLog audit;
  private final Telemetry telemetry;
  private final SpiffeId self;

  ObservedStage(RequestReader reader, AuditLog audit, Telemetry telemetry, SpiffeId self) {
    this.reader = reader;
    this.audit = audit;
    this.telemetry = telemetry;
    this.self = self;
  }

  @Override
  public CallOutcome<Reply> pass(ReceivedCall call, Next<ObservedCall, Reply> next) {
    long begin = System.nanoTime();
    Asked asked = asked(call);
    Observation seen = call.observation();
    seen.asked(asked);
    try (ActiveSpan span =
        telemetry.callSpan(Direction.INBOUND, asked.action(), call.headers().trace())) {
      span.note(SpanKey.REQUEST_ID, call.requestId());
      seen.traced(span.context());
      CallOutcome<Reply> outcome = next.proceed(new ObservedCall(call, asked));
      Duration duration = Duration.ofNanos(System.nanoTime() - begin);
      write(seen, outcome, duration);
      note(span, seen, outcome);
      count(seen, asked.action(), outcome, duration);
      return outcome;
    }
  }

  private Asked asked(ReceivedCall call) {
    return switch (call.arrival()) {
      case Arrival.TurnedAway(Refusal refusal) -> Asked.unreadable(call.rpc(), refusal);
      case Arrival.Complete(ByteString message) ->
          reader.read(call.rpc(), call.headers(), message, call::takeUpTo);
    };
  }

  private void count(
      Observation seen, String action, CallOutcome<Reply> outcome, Duration duration) {
    String direction = Direction.INBOUND.word();
    CallExemplar exemplar = new CallExemplar(seen.trace(), seen.decisionId());
    telemetry.count(AgentMeter.CALLS, 1, exemplar, direction, action, outcome.word());
    telemetry.time(AgentMeter.CALL_DURATION, duration, exemplar, direction, action, outcome.word());
    if (outcome instanceof CallOutcome.Refused<Reply>(Refusal.Overloaded overloaded)) {
      telemetry.count(AgentMeter.CALLS_LIMITED, 1, exemplar, overloaded.limit());
    }
  }

  private void write(Observation seen, CallOutcome<Reply> outcome, Duration duration) {
    String detail =
        outcome instanceof CallOutcome.Refused<Reply>(Refusal refusal) ? refusal.detail() : "";
    AuditReceipt receipt =
        audit.record(
            new AuditEvent.Ended(
                seen.subject(self), outcome.word(), detail, seen.decisionId(), duration));
    if (receipt instanceof AuditReceipt.Unwritable(String reason)) {
      // Its decision is written, or it was refused; the next call finds the audit unavailable.
      log.error("the end of call {} could not be written down: {}", seen.requestId(), reason);
    }
  }

  private static void note(ActiveSpan span, Observation seen, CallOutcome<Reply> outcome) {
    span.note(SpanKey.DIRECTION, Direction.INBOUND.word())
        .note(SpanKey.RPC, seen.rpc().method())
        .note(SpanKey.CAPABILITY, seen.action())
        .note(SpanKey.PAYLOAD_SIZE, seen.payloadSize())
        .note(SpanKey.OUTCOME, outcome.word());
    PeerIdentity peer = seen.peer();
    if (peer != null) {
      span.note(SpanKey.PEER, peer.spiffeId().toString());
    }
    String decisionId = seen.decisionId();
    if (decisionId != null) {
      span.note(SpanKey.DECISION_ID, decisionId);
    }
    String taskId = seen.taskId();
    if (taskId != null) {
      span.note(SpanKey.TASK_ID, taskId);
    }
    if (outcome instanceof CallOutcome.Refused<Reply>(Refusal refusal)) {
      span.note(SpanKey.REFUSAL_DETAIL, refusal.detail());
      span.fail(outcome.word());
    }
  }
}
