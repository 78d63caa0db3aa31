package io.agentweave.agent;

import io.agentweave.identity.SpiffeId;
import io.agentweave.server.AgentServer;
import io.agentweave.telemetry.MetricsEndpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent whose parts are all open. */
final class StartedAgent implements RunningAgent {
  private static final Logger LOG = LoggerFactory.getLogger(StartedAgent.class);

  private final SpiffeId spiffeId;
  private final AgentServer server;
  private final int port;
  private final OptionalInt metricsPort;
  private final Vitals vitals;
  private final Duration grace;
  private final OpenParts open;
  private boolean closed;

  StartedAgent(
      SpiffeId spiffeId,
      AgentServer server,
      Optional<MetricsEndpoint> metrics,
      Vitals vitals,
      Duration grace,
      OpenParts open) {
    this.spiffeId = spiffeId;
    this.server = server;
    this.port = server.port();
    this.metricsPort =
        metrics
            .map(endpoint -> OptionalInt.of(endpoint.address().getPort()))
            .orElseGet(OptionalInt::empty);
    this.vitals = vitals;
    this.grace = grace;
    this.open = open;
  }

  @Override
  public SpiffeId spiffeId() {
    return spiffeId;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public OptionalInt metricsPort() {
    return metricsPort;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    LOG.info("{} stops: {} calls under way", spiffeId, server.callsInside());
    vitals.serving(false);
    server.drainAndClose(grace);
    open.close();
    LOG.info("{} has stopped", spiffeId);
  }
}
