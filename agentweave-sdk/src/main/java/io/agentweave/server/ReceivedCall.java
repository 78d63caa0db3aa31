package io.agentweave.server;

import io.agentweave.call.Deadline;
import java.util.Optional;

/**
 * A call as it came in, before anything about it is believed.
 *
 * @param slot its room, and its id
 * @param arrival its message, or why there is none
 * @param deadline the caller's, never later than {@link #limit}
 * @param connection the connection that it came on; unknown for a call that broke off before it had
 *     a handler
 * @param guard ends its work early
 * @param exchange where its answer goes
 * @param observation what is known about it so far
 */
record ReceivedCall(
    Slot slot,
    Rpc rpc,
    CallHeaders headers,
    Arrival arrival,
    Deadline deadline,
    Optional<PeerConnection> connection,
    WorkGuard guard,
    Exchange exchange,
    Observation observation) {

  String requestId() {
    return slot.requestId();
  }

  /** Makes room for what becomes of the message, so many bytes altogether; false when none is. */
  boolean takeUpTo(long bytes) {
    return connection.isEmpty() || slot.takeUpTo(connection.get().spiffeId(), bytes);
  }

  /** Makes room for so many bytes more. */
  boolean take(long bytes) {
    return connection.isEmpty() || slot.take(connection.get().spiffeId(), bytes);
  }

  /** How long the work may take that goes on after the caller has its answer. */
  Deadline limit() {
    return slot.limit();
  }
}
