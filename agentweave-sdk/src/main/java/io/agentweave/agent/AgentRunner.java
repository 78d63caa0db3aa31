package io.agentweave.agent;

/** Starts agents and stops them in an orderly way. */
public final class AgentRunner {
  private AgentRunner() {}
}
