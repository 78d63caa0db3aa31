package io.agentweave.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.AgentConfigFile.NoServiceSections;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Configuration files for tests. */
final class ConfigFiles {

  /** The ingester's file of the seed, character by character. */
  static final String SEED =
      """
      # config/ingester.yaml
      agent:
        name: "ingester"
        trust_domain: "agentweave.io"
        description: "Event ingestion and validation"

        capabilities:
          - name: "ingest_event"
            description: "Ingest single event"
          - name: "ingest_batch"
            description: "Ingest batch of events"
          - name: "health"
            description: "Health check"

      identity:
        provider: "spiffe"
        spiffe_endpoint: "unix:///run/spire/sockets/agent.sock"
        allowed_trust_domains:
          - "agentweave.io"

      authorization:
        provider: "opa"
        opa_endpoint: "http://opa:8181"
        policy_path: "pipeline/authz/ingester"
        default_action: "deny"

      server:
        host: "0.0.0.0"
        port: 8443

      observability:
        metrics:
          enabled: true
          port: 9090
        tracing:
          enabled: true
          exporter: "otlp"
          endpoint: "http://jaeger:4317"
        logging:
          level: "INFO"
      """;

  /** As little as an agent can say. */
  static final String SMALLEST =
      """
      agent:
        name: ingester
        trust_domain: agentweave.io
        capabilities: [{name: health}]
      """;

  private ConfigFiles() {}

  static Path write(Path folder, String yaml) {
    try {
      return Files.writeString(folder.resolve("agent.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AgentConfig loaded(Path folder, String yaml, Map<String, String> env) {
    return loaded(AgentConfigFile.read(write(folder, yaml), env)).agent();
  }

  static <T extends Record> ConfigReading.Loaded<T> loaded(ConfigReading<T> reading) {
    return switch (reading) {
      case ConfigReading.Loaded<T> loaded -> loaded;
      case ConfigReading.Invalid<T> invalid -> throw new AssertionError(invalid.report());
    };
  }

  static List<String> violations(Path folder, String yaml) {
    return violations(folder, yaml, Map.of());
  }

  /** What is wrong, without the folder's name. */
  static List<String> violations(Path folder, String yaml, Map<String, String> env) {
    return violations(folder, AgentConfigFile.read(write(folder, yaml), env));
  }

  static <T extends Record> List<String> violations(Path folder, ConfigReading<T> reading) {
    assertThat(reading).isInstanceOf(ConfigReading.Invalid.class);
    return ((ConfigReading.Invalid<T>) reading)
        .violations().stream()
            .map(violation -> violation.toString().replace(folder + "/", ""))
            .toList();
  }

  static ConfigReading<NoServiceSections> read(Path file) {
    return AgentConfigFile.read(file, Map.of());
  }
}
