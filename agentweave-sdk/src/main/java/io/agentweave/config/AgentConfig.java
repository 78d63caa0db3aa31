package io.agentweave.config;

import jakarta.validation.Valid;

/**
 * The configuration that every agent has, one component for each section of its YAML file. See the
 * sections for keys, defaults and rules. Without allowed trust domains, the agent's own is the one.
 */
public record AgentConfig(
    @Valid AgentSection agent,
    @Valid IdentitySection identity,
    @Valid AuthorizationSection authorization,
    @Valid DiscoverySection discovery,
    @Valid TransportSection transport,
    @Valid ServerSection server,
    @Valid ObservabilitySection observability) {

  public AgentConfig {
    identity = identity.allowing(agent.trustDomain());
  }
}
