package io.agentweave.cli;

import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentSection;
import io.agentweave.config.AuthorizationSection;
import io.agentweave.config.DiscoverySection;
import io.agentweave.config.IdentitySection;
import io.agentweave.config.ObservabilitySection;
import io.agentweave.config.ServerSection;
import io.agentweave.config.TransportSection;
import io.agentweave.local.MeshInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * This command's configuration on a local mesh: where its parts are, and the policy that decides on
 * the operator's calls.
 */
final class LocalMeshConfig {
  private static final String POLICY = "operator/authz/cli";

  private LocalMeshConfig() {}

  static AgentConfig of(MeshInfo mesh) {
    String trustDomain = mesh.agents().getFirst().spiffeId().trustDomain().name();
    return new AgentConfig(
        new AgentSection(
            "cli",
            trustDomain,
            "",
            AgentSection.Environment.DEVELOPMENT,
            List.of(),
            Optional.of(dataDirectory(mesh))),
        new IdentitySection(
            IdentitySection.Provider.SPIFFE,
            mesh.workloadApi().toString(),
            List.of(trustDomain),
            Duration.ofSeconds(10),
            Optional.empty()),
        new AuthorizationSection(
            AuthorizationSection.Provider.OPA_EMBEDDED,
            "",
            Optional.empty(),
            POLICY,
            AuthorizationSection.DefaultAction.DENY,
            Duration.ofSeconds(2),
            Optional.of(mesh.policies()),
            new AuthorizationSection.Audit(true, AuthorizationSection.Destination.FILE)),
        new DiscoverySection(addresses(mesh), "{name}:8443"),
        new TransportSection(
            new TransportSection.ConnectionPool(10, Duration.ofSeconds(60)),
            new TransportSection.CircuitBreaker(5, Duration.ofSeconds(5)),
            new TransportSection.Retry(3, Duration.ofMillis(200), Duration.ofSeconds(5))),
        new ServerSection(
            "",
            0,
            1,
            Duration.ofSeconds(60),
            Duration.ZERO,
            4 << 20,
            new ServerSection.RequestsPerSecond(1, Map.of())),
        new ObservabilitySection(
            new ObservabilitySection.Metrics(false, "", 0),
            new ObservabilitySection.Tracing(true, "otlp", mesh.traceEndpoint().toString(), 1.0),
            new ObservabilitySection.Logging(
                ObservabilitySection.Level.WARN, ObservabilitySection.Format.TEXT)));
  }

  /** Where this command keeps its audit logs of calls on that mesh. */
  static Path dataDirectory(MeshInfo mesh) {
    return mesh.home().resolve("cli");
  }

  private static Map<String, String> addresses(MeshInfo mesh) {
    return mesh.agents().stream()
        .collect(Collectors.toMap(agent -> agent.spiffeId().toString(), MeshInfo.Agent::address));
  }
}
