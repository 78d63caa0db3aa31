package io.agentweave.audit;

import java.util.ArrayList;
import java.util.List;

/** An audit log for tests: keeps what is written, and fails on demand. */
public final class AuditInMemory implements AuditLog {
  private final List<AuditEvent> events = new ArrayList<>();
  private boolean broken;

  public synchronized void broken(boolean now) {
    broken = now;
  }

  @Override
  public synchronized AuditReceipt record(AuditEvent event) {
    if (broken) {
      return new AuditReceipt.Unwritable("the test's disk is full");
    }
    events.add(event);
    return new AuditReceipt.Written(events.size());
  }

  public synchronized List<AuditEvent> events() {
    return List.copyOf(events);
  }

  public List<AuditEvent.Decided> decided() {
    return events().stream()
        .filter(AuditEvent.Decided.class::isInstance)
        .map(AuditEvent.Decided.class::cast)
        .toList();
  }

  public List<AuditEvent.Ended> ended() {
    return events().stream()
        .filter(AuditEvent.Ended.class::isInstance)
        .map(AuditEvent.Ended.class::cast)
        .toList();
  }

  @Override
  public synchronized boolean writable() {
    return !broken;
  }

  @Override
  public void close() {}
}
