package io.agentweave.audit;

/** What became of an event. */
public sealed interface AuditReceipt {

  /**
   * It is written.
   *
   * @param sequence its place in the chain, from 1
   */
  record Written(long sequence) implements AuditReceipt {}

  /** It could not be written, nor will it be: the call it is about must be refused. */
  record Unwritable(String reason) implements AuditReceipt {}
}
