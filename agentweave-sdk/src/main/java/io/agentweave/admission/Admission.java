package io.agentweave.admission;

import io.agentweave.call.Refusal;

/** Let in with a ticket, or turned away. */
public sealed interface Admission {

  record Admitted(Ticket ticket) implements Admission {}

  record TurnedAway(Refusal.Overloaded refusal) implements Admission {}
}
