package io.agentweave.client;

import io.agentweave.call.Direction;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.Rejected;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;
import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
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
  private static final Attributes.Key<PeerLink> LINK = Attributes.Key.create("agentweave-link");

  private final SpiffeId target;
  private final Address address;
  private final IdentitySource identity;
  private final long generation;
  private final Telemetry telemetry;
  private final ScheduledExecutorService alarms;
  private final ManagedChannel grpc;

  private int leases;
  private boolean retired;
  private long lastUsed = System.nanoTime();
  private @Nullable String severedBecause;
  private final Set<PeerLink> links = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Rejected rejected;

  PeerChannel(
      SpiffeId target,
      Address address,
      IdentitySource identity,
      IdentitySnapshot snapshot,
      Telemetry telemetry,
      ScheduledExecutorService alarms,
      NettyChannelBuilder builder) {
    this.target = target;
    this.address = address;
    this.identity = identity;
    this.telemetry = telemetry;
    this.alarms = alarms;
    this.generation = snapshot.generation();
    this.grpc =
        builder
            .sslContext(
                ClientTls.forNetty(
                    snapshot.clientContext(target, proven -> rejected = null, this::rejected)))
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

  /** What its calls' deadlines are kept with. */
  ScheduledExecutorService alarms() {
    return alarms;
  }

  private void rejected(Rejected found) {
    rejected = found;
    telemetry.count(
        AgentMeter.HANDSHAKES_REFUSED, 1, Direction.OUTBOUND.word(), found.rule().word());
  }

  /** What the last handshake, if it failed for that, found wrong with the peer. */
  Optional<Rejected> rejected() {
    return Optional.ofNullable(rejected);
  }

  /** Takes part in the channel's life, unless it is over; {@link #release} has to follow. */
  synchronized boolean lease() {
    if (retired) {
      return false;
    }
    for (PeerLink link : links) {
      if (link.agesOut()) {
        return false;
      }
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

  /** Ends what must not go on at this moment. */
  void judge(IdentitySnapshot newest) {
    Optional<String> unusable = newest.unusableBecause();
    if (unusable.isPresent()) {
      sever("the own SVID can't be used any more: " + unusable.get());
    }
    for (PeerLink link : links) {
      link.objection(newest).ifPresent(this::withdraw);
    }
  }

  private void withdraw(String because) {
    if (severedBecause().isEmpty()) {
      telemetry.count(AgentMeter.CONNECTIONS_WITHDRAWN, 1);
    }
    sever(because);
  }

  boolean connected() {
    return !links.isEmpty();
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
        PeerLink link =
            new PeerLink(
                target,
                Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList());
        links.add(link);
        link.objection(identity.current()).ifPresent(PeerChannel.this::withdraw);
        return attributes.toBuilder().set(LINK, link).build();
      } catch (SSLPeerUnverifiedException e) {
        sever("a connection without the peer's certificate");
        return attributes;
      }
    }

    @Override
    public void transportTerminated(Attributes attributes) {
      PeerLink link = attributes.get(LINK);
      if (link != null) {
        links.remove(link);
      }
    }
  }

  /** Waits a moment for the channel to close. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!grpc.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      grpc.shutdownNow();
    }
  }
}
