package io.agentweave.local;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Meshes of {@link FakeAgent}s. */
final class Fakes {
  private Fakes() {}

  static MeshOptions options(Path home, AgentSpec... agents) {
    return MeshOptions.pipeline(Path.of(System.getProperty("agentweave.root")))
        .withHome(home)
        .withAgents(List.of(agents))
        .withFreePorts();
  }

  static AgentSpec steady(String name) {
    return agent(name, "steady");
  }

  static AgentSpec agent(String name, String description) {
    return agent(name, description, "environment: development");
  }

  static AgentSpec agent(String name, String description, String more) {
    String template =
        """
        agent:
          name: %s
          trust_domain: ${trust_domain}
          description: %s
          %s
          data_directory: ${data_directory}
          capabilities: [{name: work}]
        identity: {spiffe_endpoint: ${spiffe_endpoint}}
        authorization: {provider: opa-embedded, bundle: ${policies}}
        server: {host: 127.0.0.1, port: ${port}}
        observability: {metrics: {host: 127.0.0.1, port: ${metrics_port}}, tracing: {endpoint: ${trace_endpoint}}}
        """
            .formatted(name, description, more);
    return new AgentSpec(name, FakeAgent.class.getName(), classPath(), template, 18443, 19090);
  }

  static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .map(Path::toAbsolutePath)
        .toList();
  }
}
