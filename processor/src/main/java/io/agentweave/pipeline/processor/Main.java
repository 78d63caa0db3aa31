package io.agentweave.pipeline.processor;

import io.agentweave.agent.AgentRunner;

/** Runs the processor agent. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AgentRunner.main(args, ProcessorConfig.class, ProcessorAgent::new);
  }
}
