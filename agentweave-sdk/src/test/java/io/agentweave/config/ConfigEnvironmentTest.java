package io.agentweave.config;

import static io.agentweave.config.ConfigFiles.SEED;
import static io.agentweave.config.ConfigFiles.SMALLEST;
import static io.agentweave.config.ConfigFiles.loaded;
import static io.agentweave.config.ConfigFiles.violations;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigEnvironmentTest {

  @TempDir Path folder;

  @Test
  void variables_overrideTheFile() {
    AgentConfig config =
        loaded(
            folder,
            SEED,
            Map.of(
                "AGENTWEAVE_AGENT_TRUST_DOMAIN", "example.org",
                "AGENTWEAVE_OBSERVABILITY_METRICS_PORT", "0",
                "AGENTWEAVE_OBSERVABILITY_TRACING_SAMPLE_RATE", "0.1",
                "AGENTWEAVE_OBSERVABILITY_METRICS_ENABLED", "false",
                "AGENTWEAVE_AUTHORIZATION_PROVIDER", "opa-embedded",
                "AGENTWEAVE_AUTHORIZATION_BUNDLE", "p",
                "AGENTWEAVE_IDENTITY_ALLOWED_TRUST_DOMAINS", "example.org, example.com",
                "AGENTWEAVE_SERVER_REQUEST_TIMEOUT_SECONDS", "1.5"));
    assertThat(config.agent().trustDomain()).isEqualTo("example.org");
    assertThat(config.observability().metrics())
        .isEqualTo(new ObservabilitySection.Metrics(false, "0.0.0.0", 0));
    assertThat(config.observability().tracing().sampleRate()).isEqualTo(0.1);
    assertThat(config.authorization().bundle()).contains(folder.resolve("p"));
    assertThat(config.identity().allowedTrustDomains())
        .containsExactly("example.org", "example.com");
    assertThat(config.server().requestTimeout()).hasMillis(1500);
  }

  @Test
  void variableOfTheWrongType_isNamedInsteadOfTheLine() {
    assertThat(
            violations(
                folder,
                SEED,
                Map.of(
                    "AGENTWEAVE_SERVER_PORT", "tcp://10.0.0.1:8443",
                    "AGENTWEAVE_AGENT_NAME", "Not A Name")))
        .containsExactlyInAnyOrder(
            "AGENTWEAVE_SERVER_PORT: server.port:"
                + " must be a decimal integer of at most 32 bits",
            "AGENTWEAVE_AGENT_NAME: agent.name: must match ^[a-z][a-z0-9-]*$");
  }

  @Test
  void variableThatNamesASectionButNoKey_isAMistake() {
    assertThat(violations(folder, SEED, Map.of("AGENTWEAVE_SERVER_PROT", "1")))
        .containsExactly(
            "AGENTWEAVE_SERVER_PROT: overrides no key; did you mean AGENTWEAVE_SERVER_PORT?");
    assertThat(violations(folder, SEED, Map.of("AGENTWEAVE_DISCOVERY_STATIC", "a:1")))
        .containsExactly("AGENTWEAVE_DISCOVERY_STATIC: overrides no key");
  }

  @Test
  void variablesThatAreNoOverrides_areLeftAlone() {
    loaded(
        folder,
        SEED,
        Map.of("AGENTWEAVE_CONFIG", "x", "AGENTWEAVE_HOME", "y", "AGENTWEAVE_SERVER_PROT", ""));
  }

  @Test
  void socketVariableOfSpiffe_standsInForAnAbsentKeyOnly() {
    Map<String, String> env = Map.of("SPIFFE_ENDPOINT_SOCKET", "unix:///tmp/other.sock");
    assertThat(loaded(folder, SMALLEST, env).identity().spiffeEndpoint())
        .isEqualTo("unix:///tmp/other.sock");
    assertThat(loaded(folder, SEED, env).identity().spiffeEndpoint())
        .isEqualTo("unix:///run/spire/sockets/agent.sock");
    assertThat(violations(folder, SMALLEST, Map.of("SPIFFE_ENDPOINT_SOCKET", "/tmp/other.sock")))
        .containsExactly(
            "SPIFFE_ENDPOINT_SOCKET: identity.spiffe_endpoint:"
                + " must start with unix:// or tcp://");
  }

  @Test
  void variablesInsideAnAbsentSection_makeIt() {
    Map<String, String> env =
        Map.of(
            "AGENTWEAVE_AGENT_ENVIRONMENT", "development",
            "AGENTWEAVE_IDENTITY_PROVIDER", "static",
            "AGENTWEAVE_IDENTITY_STATIC_CERTIFICATE", "/c",
            "AGENTWEAVE_IDENTITY_STATIC_KEY", "/k");
    assertThat(violations(folder, SMALLEST, env))
        .contains("agent.yaml: identity.static.bundle: is required");
  }
}
