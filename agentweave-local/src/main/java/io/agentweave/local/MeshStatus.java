package io.agentweave.local;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.process.SupervisedProcess;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a mesh and its parts are at one moment.
 *
 * @param pid of the supervising process
 * @param agents in the order of the calls' way: ingester first
 * @param spans received since the start
 * @param spansDropped of those, not kept
 */
public record MeshStatus(
    Phase phase,
    long pid,
    Instant startedAt,
    List<Agent> agents,
    Database database,
    long spans,
    long spansDropped) {

  /** Starting, ready (every part is), degraded (it was ready, and some part is not), stopping. */
  public enum Phase {
    STARTING,
    READY,
    DEGRADED,
    STOPPING
  }

  /**
   * One agent.
   *
   * @param pid of its process, while there is one
   * @param restarts how often it was started again
   * @param lastEnd how its process ended last, in words; empty when none did
   * @param ready whether it takes calls
   * @param detail why it doesn't; empty when it does
   * @param svidNotAfter when the SVID that it got last expires
   */
  public record Agent(
      String name,
      SpiffeId spiffeId,
      SupervisedProcess.State state,
      Optional<Long> pid,
      int restarts,
      String lastEnd,
      boolean ready,
      String detail,
      Optional<Instant> svidNotAfter,
      int port,
      int metricsPort) {}

  /** The database server. */
  public record Database(
      SupervisedProcess.State state, Optional<Long> pid, int restarts, String lastEnd, int port) {}

  /** Whether every part is as it should be. */
  public boolean ready() {
    return phase == Phase.READY;
  }
}
