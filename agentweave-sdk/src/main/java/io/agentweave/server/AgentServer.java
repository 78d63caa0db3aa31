package io.agentweave.server;

import io.agentweave.a2a.AgentCards;
import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.admission.AdmissionControl;
import io.agentweave.call.Direction;
import io.agentweave.config.ServerSection;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;
import io.grpc.Server;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * An agent's inbound side: A2A over gRPC and the agent card over HTTPS, on one port, over mutual
 * TLS 1.3 with X.509-SVIDs and nothing else. Safe for use by many threads.
 */
public final class AgentServer implements AutoCloseable {
  /** What A2A wraps around a payload. */
  private static final int ENVELOPE_BYTES = 16 * 1024;

  private static final int MAX_CONNECTIONS = 4_096;
  private static final int MAX_HANDSHAKES = 256;
  private static final int MAX_STREAMS_PER_CONNECTION = 256;
  private static final int MAX_METADATA_BYTES = 16 * 1024;
  private static final int MAX_RESETS = 500;
  private static final int RESET_WINDOW_SECONDS = 10;
  private static final int HANDSHAKE_SECONDS = 5;

  private final Server grpc;
  private final CallRunner runner;
  private final Connections connections;
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService handshakes;
  private final EventLoopGroup loops;

  private AgentServer(
      Server grpc,
      CallRunner runner,
      Connections connections,
      ScheduledThreadPoolExecutor timer,
      ExecutorService handshakes,
      EventLoopGroup loops) {
    this.grpc = grpc;
    this.runner = runner;
    this.connections = connections;
    this.timer = timer;
    this.handshakes = handshakes;
    this.loops = loops;
  }

  /**
   * Starts to take calls.
   *
   * @throws IllegalStateException when an action has no limit in {@code parts.admission()}
   * @throws UncheckedIOException when the address can't be bound; names it
   */
  public static AgentServer start(ServerProfile profile, ServerParts parts) {
    TransportLogs.silence();
    parts.admission().expectLimitsFor(profile.capabilities().actions());
    ServerSection settings = profile.settings();
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, daemon("agentweave-server-timer"));
    timer.setRemoveOnCancelPolicy(true);
    ExecutorService handshakes =
        Executors.newFixedThreadPool(2, daemon("agentweave-server-handshake"));
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(4, Runtime.getRuntime().availableProcessors()),
            daemon("agentweave-server-io"),
            NioIoHandler.newFactory());
    TaskStore tasks = new TaskStore(TaskStore.Limits.USUAL);
    BoundAddress bound = new BoundAddress(settings.host());
    CallRunner runner =
        new CallRunner(
            closed -> ChainAssembly.of(profile, parts, tasks, closed, () -> card(profile, bound)),
            timer,
            settings.requestTimeout(),
            4 * settings.maxConcurrentRequests() + MAX_STREAMS_PER_CONNECTION);
    HandshakeNotices notices = new HandshakeNotices(parts.audit(), parts.telemetry());
    Connections connections =
        new Connections(parts.identity(), notices, timer, MAX_CONNECTIONS, MAX_HANDSHAKES);
    FrontDoor door =
        new FrontDoor(
            new ServerTls(parts.identity(), notices),
            parts.identity(),
            connections,
            notices,
            runner,
            handshakes);
    Server grpc = build(settings, door, runner, loops);
    AgentServer server = new AgentServer(grpc, runner, connections, timer, handshakes, loops);
    try {
      grpc.start();
    } catch (IOException e) {
      server.stopParts();
      throw new UncheckedIOException(
          "server.host and server.port: cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": "
              + e.getMessage(),
          e);
    }
    bound.set(grpc.getPort());
    gauges(profile, parts, connections);
    return server;
  }

  private static void gauges(ServerProfile profile, ServerParts parts, Connections connections) {
    Telemetry telemetry = parts.telemetry();
    AdmissionControl admission = parts.admission();
    telemetry.gauge(AgentMeter.CONNECTIONS, connections::size, Direction.INBOUND.word());
    telemetry.gauge(AgentMeter.PERMITS_IN_USE, admission::permitsInUse, "all");
    for (ServedCapability capability : profile.capabilities().all()) {
      telemetry.gauge(
          AgentMeter.PERMITS_IN_USE,
          () -> admission.permitsInUse(capability.name()),
          capability.name());
    }
  }

  private static Server build(
      ServerSection settings, FrontDoor door, CallRunner runner, EventLoopGroup loops) {
    int maxMessageBytes = settings.maxPayloadBytes() + ENVELOPE_BYTES;
    GrpcService service = new GrpcService(runner, maxMessageBytes);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(settings.host(), settings.port()),
                InternalNettyServerCredentials.create(door))
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .directExecutor()
            .maxInboundMessageSize(maxMessageBytes)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MAX_STREAMS_PER_CONNECTION)
            .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .maxConnectionIdle(10, TimeUnit.MINUTES)
            .addStreamTracerFactory(StreamEnd.factory(service::unclaimed))
            .addService(service.definition())
            .fallbackHandlerRegistry(service.unknownMethods());
    InternalNettyServerBuilder.setStatsEnabled(builder, false);
    InternalNettyServerBuilder.setTracingEnabled(builder, false);
    return builder.build();
  }

  /** Where it listens, as bound: never 0. */
  public int port() {
    return grpc.getPort();
  }

  /** Calls that are on their way in or inside. */
  public int callsInside() {
    return runner.inside();
  }

  /** Connections of proven peers. */
  public int connections() {
    return connections.size();
  }

  /**
   * Stops in order: from now on new calls are refused as draining, on old connections and new ones,
   * and those under way may finish. After {@code atMost} they are interrupted and refused, then
   * everything is closed.
   */
  public void drainAndClose(Duration atMost) {
    runner.drain();
    awaitNoCalls(atMost);
    runner.stopAll();
    awaitNoCalls(Duration.ofSeconds(1));
    grpc.shutdown();
    try {
      if (!grpc.awaitTermination(200, TimeUnit.MILLISECONDS)) {
        grpc.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      grpc.shutdownNow();
    }
    stopParts();
  }

  /** Stops at once. */
  @Override
  public void close() {
    drainAndClose(Duration.ZERO);
  }

  private void stopParts() {
    connections.close();
    timer.shutdownNow();
    handshakes.shutdownNow();
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private void awaitNoCalls(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      while (runner.inside() > 0 && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static DefaultThreadFactory daemon(String name) {
    return new DefaultThreadFactory(name, true);
  }

  private static AgentCard card(ServerProfile profile, BoundAddress address) {
    return AgentCards.card(
        profile.name(),
        profile.description(),
        profile.version(),
        address.text(),
        profile.capabilities().skills().stream()
            .map(
                skill ->
                    new AgentCards.Skill(
                        skill.name(), skill.description(), skill.inputModes(), skill.outputModes()))
            .toList());
  }

  /** The address that the card names: the host as configured, or this machine's name. */
  private static final class BoundAddress {
    private final String host;
    private volatile int port;

    BoundAddress(String host) {
      this.host = host;
    }

    void set(int bound) {
      port = bound;
    }

    String text() {
      boolean wildcard = host.equals("0.0.0.0") || host.equals("::");
      return (wildcard ? localName() : host) + ":" + port;
    }

    private static String localName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }
}
