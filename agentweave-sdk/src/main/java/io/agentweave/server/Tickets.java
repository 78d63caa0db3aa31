package io.agentweave.server;

import io.agentweave.admission.Ticket;
import io.agentweave.call.CallOutcome;
import java.util.function.Supplier;

/** Holds a place for as long as something runs, and gives it back exactly once. */
final class Tickets {
  private Tickets() {}

  static CallOutcome<Reply> during(Ticket ticket, Supplier<CallOutcome<Reply>> inside) {
    try {
      return inside.get();
    } finally {
      ticket.end();
    }
  }
}
