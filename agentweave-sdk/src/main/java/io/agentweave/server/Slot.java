package io.agentweave.server;

import io.agentweave.call.Deadline;
import io.agentweave.call.RandomUuid;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.util.Optional;

/** The room that one call takes on its way in and inside. Given back once, at its end. */
final class Slot {
  private final String requestId = RandomUuid.next();
  private final Deadline limit;
  private final Optional<Refusal> turnedAway;
  private final InflightBytes inflight;
  private final Runnable leave;
  private Optional<SpiffeId> payer = Optional.empty();
  private long bytes;
  private boolean givenBack;

  Slot(Deadline limit, Optional<Refusal> turnedAway, InflightBytes inflight, Runnable leave) {
    this.limit = limit;
    this.turnedAway = turnedAway;
    this.inflight = inflight;
    this.leave = leave;
  }

  /** Made here; an id that the caller sends is not believed. */
  String requestId() {
    return requestId;
  }

  /** How long the call may take at most. */
  Deadline limit() {
    return limit;
  }

  /** Why the call needs no message to be refused. */
  Optional<Refusal> turnedAway() {
    return turnedAway;
  }

  /** Takes room for bytes that came in; false when there is none left for this peer. */
  synchronized boolean take(SpiffeId peer, long arrived) {
    if (givenBack) {
      return true;
    }
    payer = Optional.of(peer);
    bytes += arrived;
    return inflight.add(peer, arrived);
  }

  /** Takes what is missing to {@code whole} bytes; false when there is no room for that. */
  synchronized boolean takeUpTo(SpiffeId peer, long whole) {
    return whole <= bytes || take(peer, whole - bytes);
  }

  /** What still comes in afterwards is dropped by the transport, and takes no room. */
  synchronized void giveBack() {
    if (!givenBack) {
      givenBack = true;
      payer.ifPresent(peer -> inflight.remove(peer, bytes));
      leave.run();
    }
  }
}
