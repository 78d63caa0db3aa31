package io.agentweave.server;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.Verification;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One TLS connection and the peer that it was proven to belong to. The proof is kept for as long as
 * it holds: until the own snapshot changes or a certificate of the peer expires.
 */
final class PeerConnection {
  private final List<X509Certificate> chain;
  private final String remote;
  private final Executor loop;
  private final Runnable close;
  private final AtomicBoolean cut = new AtomicBoolean();
  private final Set<GrpcExchange> undelivered = ConcurrentHashMap.newKeySet();
  private volatile PeerIdentity proven;

  /**
   * @param chain the peer's certificates, leaf first
   * @param remote the peer's address, for operators
   * @param proven what they prove
   * @param loop the connection's event loop
   * @param close ends the connection and everything on it
   */
  PeerConnection(
      List<X509Certificate> chain,
      String remote,
      PeerIdentity proven,
      Executor loop,
      Runnable close) {
    this.chain = List.copyOf(chain);
    this.remote = remote;
    this.proven = proven;
    this.loop = loop;
    this.close = close;
  }

  /** The peer as {@code snapshot} sees it at this moment. */
  Verification peer(IdentitySnapshot snapshot) {
    PeerIdentity known = proven;
    if (known.snapshotGeneration() == snapshot.generation()
        && Instant.now().isBefore(known.notAfter())) {
      return known;
    }
    Verification verification = snapshot.verify(chain);
    if (verification instanceof PeerIdentity again) {
      proven = again;
    }
    return verification;
  }

  /** Who the peer was when last asked. */
  PeerIdentity lastProven() {
    return proven;
  }

  /** The peer's name, which no later proof can change. */
  SpiffeId spiffeId() {
    return proven.spiffeId();
  }

  /** True for the first who cuts the connection off. */
  boolean markCut() {
    return cut.compareAndSet(false, true);
  }

  /** An answer is on its way to the peer, until it is {@link #delivered}. */
  void delivering(GrpcExchange answered) {
    undelivered.add(answered);
  }

  void delivered(GrpcExchange answered) {
    undelivered.remove(answered);
  }

  /** Whether an answer waits for the peer to read it, past its time. */
  boolean hasOverdueAnswers() {
    for (GrpcExchange answered : undelivered) {
      if (answered.isOverdue()) {
        return true;
      }
    }
    return false;
  }

  /** Runs what is to happen between two things that the connection does. */
  Executor loop() {
    return loop;
  }

  String remote() {
    return remote;
  }

  void close() {
    close.run();
  }
}
