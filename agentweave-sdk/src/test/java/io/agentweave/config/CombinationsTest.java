package io.agentweave.config;

import static io.agentweave.config.ConfigFiles.SMALLEST;
import static io.agentweave.config.ConfigFiles.loaded;
import static io.agentweave.config.ConfigFiles.violations;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CombinationsTest {

  private static final String DEVELOPMENT = SMALLEST + "  environment: development\n";

  @TempDir Path folder;

  @Test
  void keysInFiles_areRefusedInProduction() {
    String files =
        "identity: {provider: static, static: {certificate: c.pem, key: k.pem, bundle: b.pem}}\n";
    assertThat(violations(folder, SMALLEST + files))
        .containsExactly(
            "agent.yaml:5: identity.provider: must be spiffe in production:"
                + " keys in files are neither attested nor rotated");
    AgentConfig config = loaded(folder, DEVELOPMENT + files, Map.of());
    assertThat(config.identity().staticFiles())
        .contains(
            new IdentitySection.StaticFiles(
                folder.resolve("c.pem"), folder.resolve("k.pem"), folder.resolve("b.pem")));
  }

  @Test
  void logOnly_isRefusedInProductionEvenWhenOtherKeysAreWrong() {
    String yaml = "authorization: {default_action: log-only, policy_path: ../x}\n";
    assertThat(violations(folder, SMALLEST + yaml))
        .containsExactlyInAnyOrder(
            "agent.yaml:5: authorization.policy_path:"
                + " must be a policy package such as agentweave/authz",
            "agent.yaml:5: authorization.default_action:"
                + " must be deny in production: log-only lets refused calls through");
    loaded(folder, DEVELOPMENT + "authorization: {default_action: log-only}\n", Map.of());
  }

  @Test
  void embeddedEngineWithoutBundle_isRefused() {
    assertThat(violations(folder, SMALLEST + "authorization: {provider: opa-embedded}\n"))
        .containsExactly(
            "agent.yaml:5: authorization.bundle: is required with provider opa-embedded:"
                + " the folder of policy.wasm and grants.json");
  }

  @Test
  void authoritiesForAnEndpointWithoutTls_areRefused() {
    String yaml =
        "authorization: {opa_endpoint: 'unix:///run/opa.sock', opa_ca_file: ca.pem}\n"
            + "observability: {tracing: {endpoint: 'http://jaeger:4317', ca_file: ca.pem}}\n";
    assertThat(violations(folder, SMALLEST + yaml))
        .containsExactlyInAnyOrder(
            "agent.yaml:5: authorization.opa_ca_file: is of use only where"
                + " authorization.opa_endpoint starts with https://",
            "agent.yaml:6: observability.tracing.ca_file: is of use only where"
                + " observability.tracing.endpoint starts with https://");
    AgentConfig config =
        loaded(
            folder,
            SMALLEST
                + "authorization: {opa_endpoint: 'https://opa', opa_ca_file: ca.pem}\n"
                + "observability: {tracing: {endpoint: 'https://jaeger:4317', ca_file: ca.pem}}\n",
            Map.of());
    assertThat(config.authorization().opaCaFile()).contains(folder.resolve("ca.pem"));
    assertThat(config.observability().tracing().caFile()).contains(folder.resolve("ca.pem"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://bad host:x",
        "http:///x",
        "http://",
        "http://:4317",
        "http://jaeger:99999",
        "http://jaeger:0",
        "http://jaeger:",
        "http://[::1",
        "https://ja<eger:4317",
        "http://user:word@jaeger:4317",
        "http://jaeger:4317?a=b",
        "http://jaeger:4317#a",
      })
  void endpointThatIsNone_isRefused(String address) {
    String tracing = SMALLEST + "observability: {tracing: {endpoint: '%s'}}\n";
    assertThat(violations(folder, tracing.formatted(address)))
        .containsExactly(
            "agent.yaml:5: observability.tracing.endpoint:"
                + (address.equals("http://")
                    ? " must start with http:// or https://"
                    : " must be http://host:port or https://host:port"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://bad host", "https:///x", "http://opa:99999", "http://a:b@opa:1"})
  void opaEndpointThatIsNone_isRefused(String address) {
    String authorization = SMALLEST + "authorization: {opa_endpoint: '%s'}\n";
    assertThat(violations(folder, authorization.formatted(address)))
        .containsExactly(
            "agent.yaml:5: authorization.opa_endpoint:"
                + " must be http://host:port or https://host:port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://jaeger",
        "http://jaeger_1:4317",
        "http://127.0.0.1:1",
        "https://[::1]:65535",
        "https://collector.example.org/",
        "https://collector.example.org:4317/v1/traces",
      })
  void endpointThatIsOne_isTaken(String address) {
    String tracing = SMALLEST + "observability: {tracing: {endpoint: '%s'}}\n";
    loaded(folder, tracing.formatted(address), Map.of());
  }

  @Test
  void staticProviderWithoutFiles_isRefused() {
    assertThat(violations(folder, DEVELOPMENT + "identity: {provider: static}\n"))
        .containsExactly(
            "agent.yaml:6: identity.static: is required with provider static:"
                + " certificate, key and bundle, each a PEM file");
  }

  @Test
  void capabilityDeclaredTwice_isRefused() {
    assertThat(
            violations(
                folder,
                """
                agent:
                  name: a
                  trust_domain: example.org
                  capabilities:
                    - name: health
                    - name: health
                """))
        .containsExactly(
            "agent.yaml:6: agent.capabilities[1].name: is the same as agent.capabilities[0].name");
  }

  @Test
  void capabilityThatMayTakeAllPlaces_isRefused() {
    String capability =
        SMALLEST.replace("{name: health}", "{name: a, max_concurrent_requests: %d}");
    assertThat(violations(folder, capability.formatted(1000)))
        .containsExactly(
            "agent.yaml:4: agent.capabilities[0].max_concurrent_requests: must be less than"
                + " server.max_concurrent_requests: no capability may take all places");
    String server = "server: {max_concurrent_requests: %d}\n";
    assertThat(violations(folder, capability.formatted(2) + server.formatted(2))).hasSize(1);
    loaded(folder, capability.formatted(999), Map.of());
    loaded(folder, capability.formatted(1) + server.formatted(2), Map.of());
  }

  @Test
  void onePortForBoth_isRefusedUnlessItIsPickedFreely() {
    assertThat(violations(folder, SMALLEST + "observability: {metrics: {port: 8443}}\n"))
        .containsExactly("agent.yaml:5: observability.metrics.port: must differ from server.port");
    String free = "server: {port: 0}\nobservability: {metrics: {port: 0}}\n";
    assertThat(loaded(folder, SMALLEST + free, Map.of()).server().port()).isZero();
  }

  @Test
  void firstRetryDelayBeyondTheLongest_isRefused() {
    assertThat(
            violations(
                folder,
                SMALLEST + "transport: {retry: {base_delay_seconds: 2, max_delay_seconds: 1}}\n"))
        .containsExactly(
            "agent.yaml:5: transport.retry.base_delay_seconds:"
                + " must not be longer than max_delay_seconds");
  }

  @Test
  void addressesThatAreNone_areRefused() {
    assertThat(
            violations(
                folder,
                SMALLEST
                    + """
                    discovery:
                      static:
                        "spiffe://agentweave.io/agent/storage": "https://storage:8445"
                        "processor": "processor:8444"
                        "spiffe://agentweave.io/agent/a": "a:70000"
                        "spiffe://agentweave.io/agent/b": "[::1]:8443"
                      template: "{name}"
                    """))
        .containsExactly(
            "agent.yaml:7: discovery.static.spiffe://agentweave.io/agent/storage:"
                + " must be host:port",
            "agent.yaml:8: discovery.static.processor: the key must be a SPIFFE ID:"
                + " a SPIFFE ID starts with spiffe://",
            "agent.yaml:9: discovery.static.spiffe://agentweave.io/agent/a: must be host:port",
            "agent.yaml:11: discovery.template: must be host:port, in which {name} may stand");
  }
}
