package io.agentweave.bench.call;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;

/** Writes nothing down. Only for finding out what writing costs. */
public final class NothingKept implements AuditLog {
  @Override
  public AuditReceipt record(AuditEvent event) {
    return new AuditReceipt.Written(1);
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void close() {}
}
