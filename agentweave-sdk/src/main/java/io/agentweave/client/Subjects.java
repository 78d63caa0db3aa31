package io.agentweave.client;

import io.agentweave.audit.AuditEvent;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Call;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;

/** How an outbound call is named in audit and trace. */
final class Subjects {
  private Subjects() {}

  static AuditEvent.Subject of(Outgoing outgoing, Telemetry telemetry) {
    Call call = outgoing.call();
    return new AuditEvent.Subject(
        call.requestId(),
        call.direction(),
        call.rpc(),
        call.action(),
        outgoing.caller().toString(),
        outgoing.callerSvidSerial(),
        outgoing.target().toString(),
        call.payload().size(),
        telemetry.currentTrace());
  }

  static void note(ActiveSpan span, Outgoing outgoing) {
    Call call = outgoing.call();
    span.note(SpanKey.REQUEST_ID, call.requestId())
        .note(SpanKey.DIRECTION, call.direction().word())
        .note(SpanKey.RPC, call.rpc())
        .note(SpanKey.CAPABILITY, call.action())
        .note(SpanKey.TARGET, outgoing.target().toString())
        .note(SpanKey.PAYLOAD_SIZE, call.payload().size());
  }

  static void note(ActiveSpan span, Decision decision) {
    span.note(SpanKey.DECISION, decision.word())
        .note(SpanKey.DECISION_ID, decision.id())
        .note(SpanKey.POLICY_REVISION, decision.revision());
    switch (decision) {
      case Permit permit ->
          span.note(SpanKey.POLICY_ID, permit.policyId())
              .note(SpanKey.REUSED, String.valueOf(permit.reused()));
      case Denied denied -> {
        span.note(SpanKey.POLICY_ID, denied.policyId())
            .note(SpanKey.DECISION_REASON, denied.reason());
        span.fail(denied.word());
      }
      case Unavailable unavailable -> {
        span.note(SpanKey.DECISION_REASON, unavailable.fault());
        span.fail(unavailable.word());
      }
    }
  }
}
