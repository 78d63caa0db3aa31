package io.agentweave.server;

import io.agentweave.admission.Ticket;
import io.agentweave.call.CallOutcome;
import java.util.function.Supplier;

/** Holds a place for as long as something runs, and says how it went, exactly once. */
final class Tickets {
  private Tickets() {}

  static CallOutcome<Reply> during(Ticket ticket, Supplier<CallOutcome<Reply>> inside) {
    Ticket.End end = Ticket.End.FAILED;
    try {
      CallOutcome<Reply> outcome = inside.get();
      end = end(outcome);
      return outcome;
    } finally {
      ticket.end(end);
    }
  }

  private static Ticket.End end(CallOutcome<Reply> outcome) {
    return switch (outcome) {
      case CallOutcome.Answered<Reply>(Reply reply, boolean completed) ->
          completed ? Ticket.End.COMPLETED : Ticket.End.FAILED;
      case CallOutcome.Refused<Reply>(var refusal) ->
          switch (refusal.kind()) {
            case DEADLINE_EXCEEDED, OVERLOADED, DRAINING -> Ticket.End.DROPPED;
            case UNAUTHENTICATED, DENIED, INVALID, PROTOCOL, CANCELLED -> Ticket.End.IGNORED;
            case POLICY_UNAVAILABLE,
                AUDIT_UNAVAILABLE,
                DEPENDENCY_UNAVAILABLE,
                UNREACHABLE,
                REFUSED_BY_PEER,
                BROKEN ->
                Ticket.End.FAILED;
          };
    };
  }
}
