package io.agentweave.server;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.Rejected;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private final int maxPending;
  private final Set<PeerConnection> open = ConcurrentHashMap.newKeySet();
  private final Deque<Runnable> pending = new ArrayDeque<>();
  private final IdentitySource.Subscription subscription;

  /**
   * @param maxOpen connections of proven peers at once
   * @param maxPending handshakes at once; when there are more, the oldest one makes room
   */
  Connections(
      IdentitySource identity,
      HandshakeNotices notices,
      ScheduledExecutorService timer,
      int maxOpen,
      int maxPending) {
    this.identity = identity;
    this.notices = notices;
    this.maxOpen = maxOpen;
    this.maxPending = maxPending;
    subscription = identity.onChange(snapshot -> sweep());
    var _ =
        timer.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * A handshake begins.
   *
   * @param abandon closes its connection; runs when the flood of handshakes is too great
   */
  void knocking(Runnable abandon) {
    Runnable oldest = null;
    synchronized (pending) {
      pending.addLast(abandon);
      if (pending.size() > maxPending) {
        oldest = pending.removeFirst();
      }
    }
    if (oldest != null) {
      notices.rejected("handshake_flood", "more than " + maxPending + " handshakes at once");
      oldest.run();
    }
  }

  /** A handshake ended, either way. */
  void knocked(Runnable abandon) {
    synchronized (pending) {
      pending.remove(abandon);
    }
  }

  /** False when there are too many. */
  boolean opened(PeerConnection connection) {
    if (open.size() >= maxOpen) {
      notices.rejected("connection_limit", "more than " + maxOpen + " connections");
      return false;
    }
    open.add(connection);
    // A snapshot that came since the handshake has not seen this connection.
    check(connection, identity.current());
    return true;
  }

  void closed(PeerConnection connection) {
    open.remove(connection);
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
    } else if (connection.peer(now) instanceof Rejected rejected && open.remove(connection)) {
      notices.withdrawn(connection.lastProven(), rejected);
      connection.close();
    }
  }

  @Override
  public void close() {
    subscription.close();
    open.forEach(PeerConnection::close);
  }
}
