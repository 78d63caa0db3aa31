package io.agentweave.audit;

import java.time.Instant;

/**
 * One record as it was read back.
 *
 * @param sequence its place in the chain, from 1
 * @param agent the SPIFFE ID of the agent that wrote it
 * @param previousHash the hash of the record before it, lower-case hex
 * @param hash SHA-256 over this record, the previous hash included, lower-case hex
 */
public record AuditRecord(
    long sequence,
    Instant time,
    String agent,
    AuditEntry entry,
    String previousHash,
    String hash) {}
