package io.agentweave.audit;

import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;

/** Events as a running agent records them. */
final class Events {
  static final SpiffeId AGENT = SpiffeId.parse("spiffe://agentweave.io/agent/processor");
  static final SpiffeId OTHER = SpiffeId.parse("spiffe://agentweave.io/agent/storage");

  private Events() {}

  static AuditEvent.Subject subject(int number) {
    return new AuditEvent.Subject(
        "request-" + number,
        Direction.INBOUND,
        "SendMessage",
        "process_event",
        "spiffe://agentweave.io/agent/ingester",
        "1a2b3c4d5e6f",
        AGENT.toString(),
        512,
        new TraceContext(
            "4bf92f3577b34da6a3ce929d0e0e%04x".formatted(number & 0xFFFF),
            "00f067aa0ba902b7",
            true));
  }

  static AuditEvent decided(int number) {
    return new AuditEvent.Decided(
        subject(number),
        "decision-" + number,
        "permit",
        "granted",
        "grant-7",
        "rev-1",
        false,
        false);
  }

  static AuditEvent ended(int number) {
    return new AuditEvent.Ended(
        subject(number), "completed", "", "decision-" + number, Duration.ofNanos(1_234_000));
  }

  static AuditEvent refused(int number) {
    return new AuditEvent.Ended(
        new AuditEvent.Subject(
            "request-" + number,
            Direction.OUTBOUND,
            "SendMessage",
            "store_event",
            null,
            null,
            OTHER.toString(),
            0,
            null),
        "unauthenticated",
        "the peer \"spiffe://evil\" sent\nno certificate \uD83D\uDE00",
        null,
        Duration.ZERO);
  }
}
