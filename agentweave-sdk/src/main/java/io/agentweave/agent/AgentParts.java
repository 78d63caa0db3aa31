package io.agentweave.agent;

import io.agentweave.authz.PolicyEngine;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.IdentitySource;
import io.agentweave.telemetry.Telemetry;
import java.util.Optional;

/**
 * Parts of an agent that are given to it instead of being made from its configuration. Whoever
 * gives a part closes it, after the agent.
 */
public record AgentParts(
    Optional<IdentitySource> identity,
    Optional<PolicyEngine> policy,
    Optional<Telemetry> telemetry,
    Optional<DeadLetterQueue> deadLetters) {

  /** Nothing is given: all is made from the configuration. */
  public static AgentParts fromConfiguration() {
    return new AgentParts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public AgentParts withIdentity(IdentitySource given) {
    return new AgentParts(Optional.of(given), policy, telemetry, deadLetters);
  }

  public AgentParts withPolicy(PolicyEngine given) {
    return new AgentParts(identity, Optional.of(given), telemetry, deadLetters);
  }

  public AgentParts withTelemetry(Telemetry given) {
    return new AgentParts(identity, policy, Optional.of(given), deadLetters);
  }

  public AgentParts withDeadLetters(DeadLetterQueue given) {
    return new AgentParts(identity, policy, telemetry, Optional.of(given));
  }
}
