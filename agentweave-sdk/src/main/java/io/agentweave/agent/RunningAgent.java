package io.agentweave.agent;

import io.agentweave.identity.SpiffeId;
import java.util.OptionalInt;

/** An agent that serves calls. Safe for use by many threads. */
public interface RunningAgent extends AutoCloseable {

  SpiffeId spiffeId();

  /** Where it takes calls, as bound: never 0. */
  int port();

  /** Where it shows metrics and health, as bound; empty when the configuration says not to. */
  OptionalInt metricsPort();

  /**
   * Stops in order: not ready any more, new calls refused as draining, calls under way finished
   * within {@code server.graceful_shutdown_seconds}, then everything closed. Blocks; a second call
   * waits for the first.
   */
  @Override
  void close();
}
