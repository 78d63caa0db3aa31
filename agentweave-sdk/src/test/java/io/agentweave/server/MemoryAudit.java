package io.agentweave.server;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An audit log in memory, on a disk that can be full. */
final class MemoryAudit implements AuditLog {
  private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  private volatile boolean full;

  void fill(boolean isFull) {
    full = isFull;
  }

  List<AuditEvent.Decided> decided() {
    return of(AuditEvent.Decided.class);
  }

  List<AuditEvent.Ended> ended() {
    return of(AuditEvent.Ended.class);
  }

  List<AuditEvent.Noticed> noticed() {
    return of(AuditEvent.Noticed.class);
  }

  List<AuditEvent> all() {
    return List.copyOf(events);
  }

  private <T extends AuditEvent> List<T> of(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public AuditReceipt record(AuditEvent event) {
    if (full) {
      return new AuditReceipt.Unwritable("the disk is full");
    }
    synchronized (this) {
      events.add(event);
      return new AuditReceipt.Written(events.size());
    }
  }

  @Override
  public boolean writable() {
    return !full;
  }

  @Override
  public void close() {}
}
