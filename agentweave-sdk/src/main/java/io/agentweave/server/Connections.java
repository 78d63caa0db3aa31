package io.agentweave.server;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.Rejected;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of an agent. Closes, with everything on it, each connection whose peer the
 * current snapshot no longer proves, and all of them when the own SVID may not be used any more: at
 * once when a snapshot comes, within {@link #SWEEP_MILLIS} when a certificate expires.
 */
final class Connections implements AutoCloseable {
  static final long SWEEP_MILLIS = 250;
  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  private final IdentitySource identity;
  private final HandshakeNotices notices;
  private final int maxOpen;
  private final Set<PeerConnection> open = ConcurrentHashMap.newKeySet();
  private final PeerCounts byPeer;
  private final PendingHandshakes pending;
  private final IdentitySource.Subscription subscription;

  /**
   * @param maxOpen connections of proven peers at once
   * @param maxOpenOfOnePeer how many of them one peer may have
   * @param maxPending handshakes at once; when there are more, one of the address with most of them
   *     makes room
   */
  Connections(
      IdentitySource identity,
      HandshakeNotices notices,
      ScheduledExecutorService timer,
      int maxOpen,
      int maxOpenOfOnePeer,
      int maxPending) {
    this.identity = identity;
    this.notices = notices;
    this.maxOpen = maxOpen;
    byPeer = new PeerCounts(maxOpenOfOnePeer);
    pending = new PendingHandshakes(maxPending);
    subscription = identity.onChange(snapshot -> sweep());
    var _ =
        timer.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * A handshake begins.
   *
   * @param address where it comes from
   * @param abandon closes its connection; runs when the flood of handshakes is too great
   */
  void knocking(Object address, Runnable abandon) {
    pending
        .add(address, abandon)
        .ifPresent(
            oldest -> {
              notices.rejected("handshake_flood", "too many handshakes at once");
              oldest.run();
            });
  }

  /** A handshake ended, either way. */
  void knocked(Object address, Runnable abandon) {
    pending.remove(address, abandon);
  }

  /**
   * False when there are too many, of all peers or of this one.
   *
   * @param onClose is given what to run once the connection is closed, and may run it at once: a
   *     peer that hangs up in the middle of its handshake is gone before it is let in
   */
  boolean opened(PeerConnection connection, Consumer<Runnable> onClose) {
    if (open.size() >= maxOpen) {
      notices.rejected("connection_limit", "more than " + maxOpen + " connections");
      return false;
    }
    if (!byPeer.take(connection.spiffeId())) {
      notices.cut(
          "peer_connections",
          "more than " + byPeer.limit() + " connections of one peer",
          connection.lastProven());
      return false;
    }
    open.add(connection);
    onClose.accept(() -> closed(connection));
    // A snapshot that came since the handshake has not seen this connection.
    check(connection, identity.current());
    return true;
  }

  private void closed(PeerConnection connection) {
    if (open.remove(connection)) {
      byPeer.giveBack(connection.spiffeId());
    }
  }

  int size() {
    return open.size();
  }

  private void sweep() {
    try {
      IdentitySnapshot now = identity.current();
      open.forEach(connection -> check(connection, now));
    } catch (RuntimeException e) {
      // The next sweep comes; every call is checked by itself anyway.
      log.error("connections could not be checked", e);
    }
  }

  private void check(PeerConnection connection, IdentitySnapshot now) {
    if (now.unusableBecause().isPresent()) {
      connection.close();
    } else if (connection.peer(now) instanceof Rejected rejected) {
      if (connection.markCut()) {
        notices.withdrawn(connection.lastProven(), rejected);
        connection.close();
      }
    } else if (connection.hasOverdueAnswers() && connection.markCut()) {
      notices.cut("unread_answers", "the peer does not read its answers", connection.lastProven());
      connection.close();
    }
  }

  @Override
  public void close() {
    subscription.close();
    open.forEach(PeerConnection::close);
  }
}
