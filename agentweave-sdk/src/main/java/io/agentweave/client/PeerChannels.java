package io.agentweave.client;

import io.agentweave.call.Direction;
import io.agentweave.call.Refusal;
import io.agentweave.config.TransportSection.ConnectionPool;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.transport.Alarms;
import io.agentweave.transport.EventLoops;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All channels of this agent: at most one current one for each target and address, made under the
 * current identity snapshot. Those of an older snapshot drain, or are severed when the new one does
 * not prove their peer. Safe for use by many threads; never blocks on the network.
 */
final class PeerChannels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerChannels.class);

  /**
   * A message that is greater is no answer: a sixteenth of the heap, at least 8 and at most 64 MiB.
   */
  static final int MAX_ANSWER_BYTES =
      Math.clamp(Runtime.getRuntime().maxMemory() / 16, 8 << 20, 64 << 20);

  private static final Duration TO_CONNECT = Duration.ofSeconds(5);
  private static final Duration TO_CLOSE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_PATROLS = Duration.ofMillis(250);

  private final IdentitySource identity;
  private final ConnectionPool limits;
  private final Telemetry telemetry;
  private final EventLoops eventLoops = EventLoops.start("agentweave-client", 2);
  private final ScheduledExecutorService alarms = Alarms.start("agentweave-client-timer");
  private final ExecutorService resolvers =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("agentweave-client-resolver-", 0).factory());
  private final IdentitySource.Subscription subscription;

  private final Map<Place, PeerChannel> current = new HashMap<>();
  private final Set<PeerChannel> alive = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /** A channel with a lease for the asker, or the reason why there is none. */
  sealed interface Lease {
    record Taken(PeerChannel channel) implements Lease {}

    record Refused(Refusal refusal) implements Lease {}
  }

  private record Place(SpiffeId target, Address address) {}

  PeerChannels(IdentitySource identity, ConnectionPool limits, Telemetry telemetry) {
    this.identity = identity;
    this.telemetry = telemetry;
    this.limits = limits;
    this.subscription = identity.onChange(this::changed);
    // What comes this often is nearly always due before any deadline, so that these wake nobody.
    var patrol =
        alarms.scheduleWithFixedDelay(
            this::patrol,
            BETWEEN_PATROLS.toMillis(),
            BETWEEN_PATROLS.toMillis(),
            TimeUnit.MILLISECONDS);
    patrol.isDone();
    telemetry.gauge(
        AgentMeter.CONNECTIONS,
        () -> alive.stream().filter(PeerChannel::connected).count(),
        Direction.OUTBOUND.word());
  }

  /** Finds or makes the channel. Its connection may not be there yet. */
  synchronized Lease lease(SpiffeId target, Address address) {
    if (closed) {
      return new Lease.Refused(new Refusal.Draining("this agent's client is closed"));
    }
    IdentitySnapshot snapshot = identity.current();
    Optional<String> unusable = snapshot.unusableBecause();
    if (unusable.isPresent()) {
      return new Lease.Refused(
          new Refusal.DependencyUnavailable(
              "identity", "this agent's own SVID can't be used: " + unusable.get()));
    }
    Place place = new Place(target, address);
    PeerChannel known = current.get(place);
    if (known != null) {
      if (known.generation() == snapshot.generation() && known.lease()) {
        return new Lease.Taken(known);
      }
      discard(known);
    }
    if (current.size() >= limits.maxConnections() && !evictOne()) {
      return new Lease.Refused(
          new Refusal.Overloaded(
              "max_connections",
              Duration.ofSeconds(1),
              "all %d connections are in use".formatted(limits.maxConnections())));
    }
    PeerChannel made =
        new PeerChannel(target, address, identity, snapshot, telemetry, alarms, builder(address));
    made.lease();
    current.put(place, made);
    alive.add(made);
    return new Lease.Taken(made);
  }

  private NettyChannelBuilder builder(Address address) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .eventLoopGroup(eventLoops.group())
        .channelType(eventLoops.channel())
        .directExecutor()
        .offloadExecutor(resolvers)
        .disableServiceConfigLookUp()
        // Retrying tries again: each attempt is decided on, and seen. See RefusedStream.
        .disableRetry()
        .flowControlWindow(EventLoops.FLOW_CONTROL_WINDOW)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TO_CONNECT.toMillis())
        .idleTimeout(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
        .maxInboundMessageSize(MAX_ANSWER_BYTES);
  }

  /** Lets the next call make a connection of its own; calls on this one go on. */
  synchronized void discard(PeerChannel channel) {
    current.remove(new Place(channel.target(), channel.address()), channel);
    channel.retire();
  }

  /** The same for all connections to a target. */
  synchronized void discardAll(SpiffeId target) {
    current.values().stream()
        .filter(channel -> channel.target().equals(target))
        .toList()
        .forEach(this::discard);
  }

  private boolean evictOne() {
    Optional<PeerChannel> longestIdle =
        current.values().stream()
            .filter(channel -> channel.idleSince().isPresent())
            .min(Comparator.comparing(channel -> channel.idleSince().orElse(Long.MAX_VALUE)));
    longestIdle.ifPresent(this::discard);
    return longestIdle.isPresent();
  }

  private void changed(IdentitySnapshot newest) {
    List<PeerChannel> outdated =
        alive.stream().filter(channel -> channel.generation() < newest.generation()).toList();
    synchronized (this) {
      outdated.forEach(this::discard);
    }
    outdated.forEach(channel -> channel.judge(newest));
  }

  /** Ends what outlived its proofs, and forgets what has ended. */
  private void patrol() {
    IdentitySnapshot newest = identity.current();
    for (PeerChannel channel : alive) {
      try {
        channel.judge(newest);
      } catch (RuntimeException e) {
        LOG.error("a channel that could not be judged is closed", e);
        channel.sever("it could not be judged");
      }
    }
    alive.removeIf(channel -> channel.grpc().isTerminated());
  }

  /** Calls under way get a few seconds to end. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      subscription.close();
      current.clear();
      alive.forEach(PeerChannel::retire);
    }
    Instant end = Instant.now().plus(TO_CLOSE);
    try {
      for (PeerChannel channel : alive) {
        Duration left = Duration.between(Instant.now(), end);
        channel.awaitEnd(left.isPositive() ? left : Duration.ZERO);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    alive.forEach(channel -> channel.sever("this agent's client is closed"));
    resolvers.shutdownNow();
    alarms.shutdownNow();
    eventLoops.close();
  }
}
