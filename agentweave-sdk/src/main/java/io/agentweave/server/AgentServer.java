package io.agentweave.server;

import io.agentweave.admission.AdmissionControl;
import io.agentweave.call.Direction;
import io.agentweave.config.ServerSection;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent's inbound side: A2A over gRPC and the agent card over HTTPS, on one port, over mutual
 * TLS 1.3 with X.509-SVIDs and nothing else. Safe for use by many threads.
 */
public final class AgentServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 4_096;
  private static final int MAX_CONNECTIONS_OF_ONE_PEER = MAX_CONNECTIONS / 16;
  private static final int MAX_HANDSHAKES = 256;
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private final Server grpc;
  private final CallRunner runner;
  private final Connections connections;
  private final ServerThreads threads;

  private AgentServer(
      Server grpc, CallRunner runner, Connections connections, ServerThreads threads) {
    this.grpc = grpc;
    this.runner = runner;
    this.connections = connections;
    this.threads = threads;
  }

  /**
   * Starts to take calls.
   *
   * @throws IllegalStateException when an action has no limit in {@code parts.admission()}
   * @throws UncheckedIOException when the address can't be bound; names it
   */
  public static AgentServer start(ServerProfile profile, ServerParts parts) {
    return start(profile, parts, HANDSHAKE);
  }

  static AgentServer start(ServerProfile profile, ServerParts parts, Duration handshake) {
    TransportLogs.silence();
    parts.admission().expectLimitsFor(profile.capabilities().actions());
    ServerSection settings = profile.settings();
    ServerThreads threads = ServerThreads.start();
    AtomicInteger port = new AtomicInteger(settings.port());
    TaskStore tasks = new TaskStore(TaskStore.Limits.USUAL);
    OwnCard card = new OwnCard(profile, port::get);
    CallRunner runner =
        new CallRunner(
            closed -> ChainAssembly.of(profile, parts, tasks, closed, card),
            threads.timer(),
            settings.requestTimeout(),
            4 * settings.maxConcurrentRequests() + GrpcTransport.MAX_STREAMS_PER_CONNECTION,
            arrivalsOfOnePeer(settings.maxConcurrentRequests()),
            InflightBytes.forMessagesOf(GrpcTransport.maxMessageBytes(settings)));
    HandshakeNotices notices = new HandshakeNotices(parts.audit(), parts.telemetry());
    Connections connections =
        new Connections(
            parts.identity(),
            notices,
            threads.timer(),
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_OF_ONE_PEER,
            MAX_HANDSHAKES);
    FrontDoor door =
        new FrontDoor(
            new ServerTls(parts.identity(), notices),
            parts.identity(),
            connections,
            notices,
            runner,
            threads.handshakes());
    Server grpc = GrpcTransport.build(settings, door, runner, threads.loops(), handshake);
    try {
      grpc.start();
    } catch (IOException e) {
      connections.close();
      threads.close();
      throw new UncheckedIOException(
          "server.host and server.port: cannot listen on %s:%d: %s"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
    port.set(grpc.getPort());
    gauges(profile, parts, connections);
    return new AgentServer(grpc, runner, connections, threads);
  }

  /** Some places are always for others, even where policy is slow to say no. */
  private static int arrivalsOfOnePeer(int places) {
    return Math.max(1, places - Math.max(1, places / 8));
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
    awaitNoCalls(LAST_ANSWERS);
    grpc.shutdown();
    try {
      if (!grpc.awaitTermination(200, TimeUnit.MILLISECONDS)) {
        grpc.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      grpc.shutdownNow();
    }
    connections.close();
    threads.close();
  }

  /** Stops at once. */
  @Override
  public void close() {
    drainAndClose(Duration.ZERO);
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
}
