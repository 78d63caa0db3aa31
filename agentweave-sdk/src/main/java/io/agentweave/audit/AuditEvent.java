package io.agentweave.audit;

import io.agentweave.authz.Decision;
import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is written down. Holds names, ids and numbers; never payload contents. */
public sealed interface AuditEvent extends AuditEntry {

  /**
   * Policy, or the requirement before it, answered. A permit is on disk before the handler runs.
   *
   * @param decision {@code permit}, {@code denied} or {@code unavailable}
   * @param reason the reason word of a refusal, or {@code granted}
   * @param reused whether an earlier permit was used again
   * @param shadow whether the agent runs in log-only mode and went on in spite of a refusal
   */
  record Decided(
      Subject subject,
      String decisionId,
      String decision,
      String reason,
      String policyId,
      String policyRevision,
      boolean reused,
      boolean shadow)
      implements AuditEvent {

    /** The record of {@code decision}. */
    public static Decided of(Subject subject, Decision decision) {
      return new Decided(
          subject,
          decision.id(),
          decision.word(),
          decision.reason(),
          decision.policyId(),
          decision.revision(),
          decision.reused(),
          decision.shadow());
    }
  }

  /**
   * A call ended; every call that began has one of these, refused ones included.
   *
   * @param outcome {@code completed}, {@code failed} or a refusal kind
   * @param detail why it was refused; empty otherwise
   * @param decisionId the decision it ran under or was refused by, if it came that far
   */
  record Ended(
      Subject subject,
      String outcome,
      String detail,
      @Nullable String decisionId,
      Duration duration)
      implements AuditEvent {}

  /** Something of a security interest that is not a call: a rejected handshake, a rotation. */
  record Noticed(String kind, String detail, @Nullable String peer) implements AuditEvent {}

  /**
   * The call that an event is about.
   *
   * @param caller its SPIFFE ID, as far as proven
   * @param callerSvidSerial serial of the SVID that proved it
   */
  record Subject(
      String requestId,
      Direction direction,
      String rpc,
      String action,
      @Nullable String caller,
      @Nullable String callerSvidSerial,
      String callee,
      int payloadSize,
      @Nullable TraceContext trace) {}
}
