package io.agentweave.pipeline.storage;

import io.agentweave.agent.AgentRunner;

/** Runs the storage agent. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AgentRunner.main(args, StorageConfig.class, StorageAgent::new);
  }
}
