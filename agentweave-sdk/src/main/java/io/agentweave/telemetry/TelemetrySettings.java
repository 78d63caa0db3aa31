package io.agentweave.telemetry;

import io.agentweave.config.AgentConfig;
import io.agentweave.config.CapabilitySection;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.identity.SpiffeId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What telemetry has to know about the process.
 *
 * @param service the agent's name, {@code service.name} of its spans
 * @param spiffeId its SPIFFE ID, if it has one
 * @param environment {@code deployment.environment.name} of its spans
 * @param actions the capabilities and protocol actions that it serves: the only inbound values of
 *     {@code capability} in span names and labels
 */
public record TelemetrySettings(
    String service,
    Optional<SpiffeId> spiffeId,
    String environment,
    Tracing tracing,
    Set<String> actions) {

  public TelemetrySettings {
    actions = Set.copyOf(actions);
  }

  /** Those of an agent, with the capabilities that it declares. */
  public static TelemetrySettings of(AgentConfig config) {
    return new TelemetrySettings(
        config.agent().name(),
        Optional.of(config.agent().spiffeId()),
        config.agent().environment().word(),
        config.observability().tracing(),
        Set.copyOf(config.agent().capabilities().stream().map(CapabilitySection::name).toList()));
  }

  /** The same with further actions, such as those that every agent has. */
  public TelemetrySettings serving(Collection<String> further) {
    Set<String> all = new HashSet<>(actions);
    all.addAll(further);
    return new TelemetrySettings(service, spiffeId, environment, tracing, all);
  }
}
