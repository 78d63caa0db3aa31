package io.agentweave.agent;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;

/** Counts what is written down, and what could not be. */
record ObservedAudit(AuditLog log, Telemetry telemetry) implements AuditLog {

  @Override
  public AuditReceipt record(AuditEvent event) {
    AuditReceipt receipt = log.record(event);
    switch (receipt) {
      case AuditReceipt.Written written ->
          telemetry.count(AgentMeter.AUDIT_RECORDS, 1, kind(event));
      case AuditReceipt.Unwritable unwritable -> telemetry.count(AgentMeter.AUDIT_UNWRITABLE, 1);
    }
    return receipt;
  }

  private static String kind(AuditEvent event) {
    return switch (event) {
      case AuditEvent.Decided e -> "decided";
      case AuditEvent.Ended e -> "ended";
      case AuditEvent.Noticed e -> "noticed";
    };
  }

  @Override
  public boolean writable() {
    return log.writable();
  }

  @Override
  public void close() {
    log.close();
  }
}
