package io.agentweave.server;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.call.Direction;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.Rejected;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts and writes down connections that are rejected or cut off. All are counted, by rule; of a
 * flood only some are written, with the number of those left out, so that nobody can fill the disk
 * by knocking.
 */
final class HandshakeNotices {
  private static final int BURST = 50;
  private static final int PER_SECOND = 5;

  private final AuditLog audit;
  private final Telemetry telemetry;
  private double tokens = BURST;
  private long refilledAt = System.nanoTime();
  private long leftOut;

  HandshakeNotices(AuditLog audit, Telemetry telemetry) {
    this.audit = audit;
    this.telemetry = telemetry;
  }

  /** Returns at once: the record is written by a thread of its own. */
  void rejected(Rejected rejected) {
    rejected(rejected.rule().word(), rejected.detail());
  }

  /** A connection is closed because its peer is not trusted any more. */
  void withdrawn(PeerIdentity peer, Rejected rejected) {
    telemetry.count(AgentMeter.CONNECTIONS_WITHDRAWN, 1);
    record("connection_closed", rejected.rule().word() + ": " + rejected.detail(), peer);
  }

  /** A connection is closed because its proven peer broke a limit. */
  void cut(String limit, String detail, PeerIdentity peer) {
    telemetry.count(AgentMeter.CONNECTIONS_CUT, 1, limit);
    recordSome("connection_cut", limit, detail, peer);
  }

  void rejected(String rule, String detail) {
    telemetry.count(AgentMeter.HANDSHAKES_REFUSED, 1, Direction.INBOUND.word(), rule);
    recordSome("handshake_rejected", rule, detail, null);
  }

  private void recordSome(String kind, String rule, String detail, @Nullable PeerIdentity peer) {
    long omitted;
    synchronized (this) {
      long now = System.nanoTime();
      tokens =
          Math.min(
              BURST,
              tokens + PER_SECOND * (double) (now - refilledAt) / TimeUnit.SECONDS.toNanos(1));
      refilledAt = now;
      if (tokens < 1) {
        leftOut++;
        return;
      }
      tokens--;
      omitted = leftOut;
      leftOut = 0;
    }
    String said = omitted == 0 ? detail : detail + " (" + omitted + " more since the last record)";
    record(kind, rule + ": " + said, peer);
  }

  private void record(String kind, String detail, @Nullable PeerIdentity peer) {
    AuditEvent event =
        new AuditEvent.Noticed(kind, detail, peer == null ? null : peer.spiffeId().toString());
    Thread.ofVirtual().name("agentweave-notice").start(() -> audit.record(event));
  }
}
