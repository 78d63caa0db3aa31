package io.agentweave.audit;

/** What one record of the audit log holds: an event, or a signature over what came before it. */
public sealed interface AuditEntry permits AuditEvent, Checkpoint {}
