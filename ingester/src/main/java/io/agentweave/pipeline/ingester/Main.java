package io.agentweave.pipeline.ingester;

import io.agentweave.agent.AgentRunner;

/** Runs the ingester agent. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AgentRunner.main(args, IngesterConfig.class, IngesterAgent::new);
  }
}
