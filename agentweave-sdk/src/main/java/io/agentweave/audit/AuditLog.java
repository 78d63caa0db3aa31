package io.agentweave.audit;

/**
 * The agent's own record of what it decided and did: hash-chained, in order, without gaps. Safe for
 * use by many threads.
 */
public interface AuditLog extends AutoCloseable {

  /**
   * Writes one event down. When this returns {@link AuditReceipt.Written}, the record is with the
   * operating system and survives the death of this process; it is forced to the disk within the
   * group-commit interval.
   */
  AuditReceipt record(AuditEvent event);

  /** Whether the last write succeeded: an agent whose audit can't be written is not ready. */
  boolean writable();

  /** Forces everything to disk. */
  @Override
  void close();
}
