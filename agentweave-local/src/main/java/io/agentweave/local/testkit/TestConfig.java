package io.agentweave.local.testkit;

import io.agentweave.agent.Capability;
import io.agentweave.agent.SecureAgent;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.validation.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The configuration of an agent of a test mesh, read from a file like any other. */
record TestConfig(
    String name,
    TrustDomain trustDomain,
    Set<TrustDomain> allowed,
    Path folder,
    URI workloadApi,
    Path policies,
    Map<SpiffeId, String> addresses) {
  /** The generic rules, which answer for every agent. */
  static final String POLICY_PATH = "agentweave/authz";

  AgentConfig of(SecureAgent agent) {
    List<Map<String, String>> capabilities =
        Arrays.stream(agent.getClass().getMethods())
            .filter(method -> method.isAnnotationPresent(Capability.class))
            .map(method -> method.getAnnotation(Capability.class).value())
            .distinct()
            .map(capability -> Map.of("name", capability))
            .toList();
    Map<String, String> known = new TreeMap<>();
    addresses.forEach((id, address) -> known.put(id.toString(), address));
    // JSON is YAML (YAML 1.2 section 1.3).
    String file =
        Json.writeText(
            Map.of(
                "agent",
                Map.of(
                    "name",
                    name,
                    "trust_domain",
                    trustDomain.name(),
                    "environment",
                    "development",
                    "data_directory",
                    folder.resolve(name).toString(),
                    "capabilities",
                    capabilities),
                "identity",
                Map.of(
                    "spiffe_endpoint",
                    workloadApi.toString(),
                    "allowed_trust_domains",
                    allowed.stream().map(TrustDomain::name).sorted().toList()),
                "authorization",
                Map.of(
                    "provider",
                    "opa-embedded",
                    "bundle",
                    policies.toString(),
                    "policy_path",
                    POLICY_PATH),
                "discovery",
                Map.of("static", known),
                "server",
                Map.of("host", "127.0.0.1", "port", 0, "graceful_shutdown_seconds", 2),
                "observability",
                Map.of(
                    "metrics", Map.of("host", "127.0.0.1", "port", 0),
                    "tracing", Map.of("enabled", false))));
    Path path = folder.resolve(name + ".yaml");
    try {
      Files.writeString(path, file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return switch (AgentConfigFile.read(path, Map.of())) {
      case ConfigReading.Invalid<?> invalid -> throw new IllegalArgumentException(invalid.report());
      case ConfigReading.Loaded<?> loaded -> loaded.agent();
    };
  }
}
