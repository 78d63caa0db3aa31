package io.agentweave.client;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Direction;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.telemetry.DecisionTelemetry;
import java.time.Instant;

/**
 * Asks policy whether this agent may make the call, and writes the answer down. Without a written
 * permit nothing leaves this agent, not even a connection.
 */
final class Authorizing<R> implements Stage<Attempt, Permitted, R> {
  private final ClientParts parts;
  private final DecisionTelemetry decisions;

  Authorizing(ClientParts parts) {
    this.parts = parts;
    decisions = new DecisionTelemetry(parts.telemetry(), Direction.OUTBOUND);
  }

  @Override
  public CallOutcome<R> pass(Attempt attempt, Next<Permitted, R> next) {
    Outgoing outgoing = attempt.outgoing();
    Decision decision = decisions.observe(() -> parts.authorizer().outbound(question(outgoing)));
    outgoing.trail().decided(decision.id());
    AuditEvent.Decided decided =
        AuditEvent.Decided.of(Subjects.of(outgoing, parts.telemetry()), decision);
    if (parts.audit().record(decided) instanceof AuditReceipt.Unwritable(String reason)) {
      return CallOutcome.refused(new Refusal.AuditUnavailable(reason));
    }
    return switch (decision) {
      case Permit permit -> next.proceed(new Permitted(attempt, permit));
      case Denied denied ->
          CallOutcome.refused(
              new Refusal.Denied(
                  denied.id(),
                  denied.reason(),
                  "policy does not let this agent call %s of %s (%s)"
                      .formatted(outgoing.call().action(), outgoing.target(), denied.reason())));
      case Unavailable unavailable ->
          CallOutcome.refused(
              new Refusal.PolicyUnavailable(
                  unavailable.id(), unavailable.fault() + ": " + unavailable.detail()));
    };
  }

  private PolicyInput question(Outgoing outgoing) {
    return new PolicyInput(
        outgoing.call(), outgoing.caller(), outgoing.target(), parts.environment(), Instant.now());
  }
}
