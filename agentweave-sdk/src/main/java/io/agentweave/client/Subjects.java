package io.agentweave.client;

import io.agentweave.audit.AuditEvent;
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
}
