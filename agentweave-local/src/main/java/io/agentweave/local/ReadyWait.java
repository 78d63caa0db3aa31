package io.agentweave.local;

import java.time.Duration;

/** Waits for agents to become ready, all of them within one time. */
final class ReadyWait {
  private static final long PAUSE_MILLIS = 50;

  /** An agent that ended so often while the mesh was starting will not do better. */
  private static final int HOPELESS = 3;

  private final long end;
  private final Duration limit;
  private final Runnable checkpoint;

  /**
   * Begins to count.
   *
   * @param checkpoint throws when the wait is to end
   */
  ReadyWait(Duration limit, Runnable checkpoint) {
    this.limit = limit;
    this.checkpoint = checkpoint;
    end = System.nanoTime() + limit.toNanos();
  }

  void until(AgentProcess agent) {
    while (true) {
      checkpoint.run();
      AgentHealth health = agent.health();
      if (health.ready()) {
        return;
      }
      if (agent.process().restarts() >= HOPELESS) {
        throw failed(agent, agent.process().lastEnd());
      }
      if (System.nanoTime() > end) {
        throw failed(agent, "not ready after " + limit.toSeconds() + " s: " + health.detail());
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static MeshException failed(AgentProcess agent, String why) {
    return new MeshException(
        MeshException.Reason.START_FAILED,
        "the "
            + agent.name()
            + " did not start ("
            + why
            + "); it said last: "
            + agent.lastLogLine()
            + " (all of it is in "
            + agent.log()
            + ")");
  }
}
