package io.agentweave.agent;

import io.agentweave.admission.AdmissionLimits;
import io.agentweave.config.AgentConfig;
import io.agentweave.server.CapabilityCatalogue;
import io.agentweave.server.ServedCapability;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much an agent lets in. Each capability gets what the configuration says, or all places but
 * one; what every agent has gets a quarter. A peer gets three quarters of all places. Whether an
 * agent lives is told under any load.
 */
final class Limits {
  private static final Duration USUAL_WAIT = Duration.ofMillis(50);
  private static final Set<String> EXEMPT = Set.of("ping", "health");

  private Limits() {}

  /**
   * @throws IllegalArgumentException when the configured numbers don't fit together
   */
  static AdmissionLimits of(AgentConfig config, CapabilityCatalogue capabilities) {
    int all = config.server().maxConcurrentRequests();
    Map<String, Integer> byAction = new HashMap<>();
    for (String action : capabilities.actions()) {
      if (!EXEMPT.contains(action)) {
        byAction.put(action, Math.max(1, all / 4));
      }
    }
    for (ServedCapability capability : capabilities.all()) {
      if (capability.kind() == ServedCapability.Kind.SKILL && !EXEMPT.contains(capability.name())) {
        byAction.put(capability.name(), capability.maxConcurrent().orElse(Math.max(1, all - 1)));
      }
    }
    return new AdmissionLimits(
        all,
        byAction,
        Math.max(1, all / 4 * 3),
        config.server().requestsPerSecond().perPeer(),
        config.server().requestsPerSecond().byRateClass(),
        EXEMPT,
        USUAL_WAIT);
  }
}
