package io.agentweave.client;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.Rejected;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.SvidRule;
import io.agentweave.identity.Verification;
import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The way to one target under one identity snapshot: a gRPC channel whose TLS lets nobody but the
 * target through. Safe for use by many threads.
 *
 * <p>Who uses it holds a lease. A retired channel takes no new leases and closes with its last one;
 * a severed one closes at once, calls under way included.
 */
final class PeerChannel {
  private static final Duration LONGEST_MARGIN = Duration.ofSeconds(10);

  private final SpiffeId target;
  private final Address address;
  private final IdentitySource identity;
  private final long generation;
  private final ManagedChannel grpc;

  private int leases;
  private boolean retired;
  private long lastUsed = System.nanoTime();
  private @Nullable String severedBecause;
  private List<X509Certificate> peerChain = List.of();
  private @Nullable PeerIdentity proof;
  private Instant renewAt = Instant.MAX;

  /** What the last failed handshake found wrong with the peer. */
  private volatile @Nullable Rejected rejected;

  PeerChannel(
      SpiffeId target,
      Address address,
      IdentitySource identity,
      IdentitySnapshot snapshot,
      NettyChannelBuilder builder) {
    this.target = target;
    this.address = address;
    this.identity = identity;
    this.generation = snapshot.generation();
    this.grpc =
        builder
            .sslContext(
                ClientTls.forNetty(
                    snapshot.clientContext(
                        target, proven -> rejected = null, found -> rejected = found)))
            .addTransportFilter(new Watch())
            .build();
  }

  SpiffeId target() {
    return target;
  }

  Address address() {
    return address;
  }

  /** Of the snapshot that it was made under. */
  long generation() {
    return generation;
  }

  ManagedChannel grpc() {
    return grpc;
  }

  Optional<Rejected> rejected() {
    return Optional.ofNullable(rejected);
  }

  /** Takes part in the channel's life, unless it is over; {@link #release} has to follow. */
  synchronized boolean lease() {
    if (retired || !Instant.now().isBefore(renewAt)) {
      return false;
    }
    leases++;
    return true;
  }

  synchronized void release() {
    leases--;
    lastUsed = System.nanoTime();
    if (retired && leases == 0) {
      grpc.shutdown();
    }
  }

  /** Takes no new leases, and closes with the last one. */
  synchronized void retire() {
    retired = true;
    if (leases == 0) {
      grpc.shutdown();
    }
  }

  /** Closes now. */
  void sever(String because) {
    synchronized (this) {
      retired = true;
      if (severedBecause == null) {
        severedBecause = because;
      }
    }
    grpc.shutdownNow();
  }

  synchronized Optional<String> severedBecause() {
    return Optional.ofNullable(severedBecause);
  }

  /** Since when nobody has used it, in {@link System#nanoTime}; empty while somebody does. */
  synchronized Optional<Long> idleSince() {
    return leases == 0 ? Optional.of(lastUsed) : Optional.empty();
  }

  /**
   * Ends what must not go on at this moment: the proof of the peer has ended, or {@code newest} is
   * not usable or does not prove the peer.
   */
  void judge(IdentitySnapshot newest) {
    List<X509Certificate> chain;
    PeerIdentity proven;
    synchronized (this) {
      chain = peerChain;
      proven = proof;
    }
    Optional<String> unusable = newest.unusableBecause();
    if (unusable.isPresent()) {
      sever("the own SVID can't be used any more: " + unusable.get());
    } else if (proven != null && !Instant.now().isBefore(proven.notAfter())) {
      sever("the peer's SVID has expired");
    } else if (proven != null && proven.snapshotGeneration() < newest.generation()) {
      judge(chain, newest.verify(chain));
    }
  }

  private void judge(List<X509Certificate> chain, Verification found) {
    switch (found) {
      case PeerIdentity peer when peer.spiffeId().equals(target) -> connected(chain, peer);
      case PeerIdentity peer -> sever("the peer is another one now");
      case Rejected(SvidRule rule, String detail) ->
          sever("the peer is not trusted any more: " + rule.word());
    }
  }

  /** Looks at each new connection before any call uses it. */
  private final class Watch extends ClientTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      if (session == null) {
        sever("a connection without TLS");
        return attributes;
      }
      try {
        List<X509Certificate> chain =
            Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
        judge(chain, identity.current().verify(chain));
      } catch (SSLPeerUnverifiedException e) {
        sever("a connection without the peer's certificate");
      }
      return attributes;
    }
  }

  private void connected(List<X509Certificate> chain, PeerIdentity peer) {
    Instant now = Instant.now();
    Duration margin = Duration.between(now, peer.notAfter()).dividedBy(10);
    synchronized (this) {
      peerChain = chain;
      proof = peer;
      renewAt =
          peer.notAfter().minus(margin.compareTo(LONGEST_MARGIN) < 0 ? margin : LONGEST_MARGIN);
    }
  }

  /** Waits a moment for the channel to close. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!grpc.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      grpc.shutdownNow();
    }
  }
}
