package io.agentweave.config;

import static io.agentweave.config.ConfigFiles.SEED;
import static io.agentweave.config.ConfigFiles.SMALLEST;
import static io.agentweave.config.ConfigFiles.loaded;
import static io.agentweave.config.ConfigFiles.violations;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.AgentSection.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigFileTest {

  @TempDir Path folder;

  @Test
  void theSeedsFile_loadsUnchanged() {
    AgentConfig config = loaded(folder, SEED, Map.of());
    assertThat(config.agent().spiffeId().toString())
        .isEqualTo("spiffe://agentweave.io/agent/ingester");
    assertThat(config.agent().capabilities())
        .extracting(CapabilitySection::name)
        .containsExactly("ingest_event", "ingest_batch", "health");
    assertThat(config.authorization().opaEndpoint()).isEqualTo("http://opa:8181");
    assertThat(config.authorization().policyPath()).isEqualTo("pipeline/authz/ingester");
    assertThat(config.observability().tracing().endpoint()).isEqualTo("http://jaeger:4317");
  }

  @Test
  void whatIsNotSaid_hasTheDefaultsOfTheReference() {
    AgentConfig config = loaded(folder, SMALLEST, Map.of());
    assertThat(config.agent().environment()).isEqualTo(Environment.PRODUCTION);
    assertThat(config.agent().description()).isEmpty();
    assertThat(config.agent().capabilities().getFirst())
        .isEqualTo(
            new CapabilitySection(
                "health",
                "",
                List.of("application/json"),
                List.of("application/json"),
                Optional.empty()));
    assertThat(config.identity())
        .isEqualTo(
            new IdentitySection(
                IdentitySection.Provider.SPIFFE,
                "unix:///run/spire/sockets/agent.sock",
                List.of("agentweave.io"),
                Duration.ofSeconds(30),
                Optional.empty()));
    assertThat(config.authorization())
        .isEqualTo(
            new AuthorizationSection(
                AuthorizationSection.Provider.OPA,
                "http://localhost:8181",
                Optional.empty(),
                "agentweave/authz",
                AuthorizationSection.DefaultAction.DENY,
                Duration.ofMillis(500),
                Optional.empty(),
                new AuthorizationSection.Audit(true, AuthorizationSection.Destination.FILE)));
    assertThat(config.discovery()).isEqualTo(new DiscoverySection(Map.of(), "{name}:8443"));
    assertThat(config.transport())
        .isEqualTo(
            new TransportSection(
                new TransportSection.ConnectionPool(100, Duration.ofSeconds(60)),
                new TransportSection.CircuitBreaker(5, Duration.ofSeconds(30)),
                new TransportSection.Retry(3, Duration.ofSeconds(1), Duration.ofSeconds(30))));
    assertThat(config.server())
        .isEqualTo(
            new ServerSection(
                "0.0.0.0",
                8443,
                1000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                4 << 20,
                new ServerSection.RequestsPerSecond(20_000, Map.of())));
    assertThat(config.observability())
        .isEqualTo(
            new ObservabilitySection(
                new ObservabilitySection.Metrics(true, "0.0.0.0", 9090),
                new ObservabilitySection.Tracing(true, "otlp", "http://localhost:4317", 1.0),
                new ObservabilitySection.Logging(
                    ObservabilitySection.Level.INFO, ObservabilitySection.Format.JSON)));
  }

  @Test
  void everyMistake_isReportedAtOnceWithItsLine() {
    assertThat(
            violations(
                folder,
                """
                agent:
                  nmae: ingester
                  trust_domain: AgentWeave.io
                  enviroment: production
                  capabilities:
                    - name: Health
                    - description: nameless
                serverr:
                  port: 1
                server:
                  port: "8443"
                  max_concurrent_requests: 0
                  request_timeout_seconds: -1
                authorization:
                  default_action: alow
                  audit:
                    enabled: false
                observability:
                  metrics: [9090]
                  tracing:
                    sample_rate: 1.5
                """))
        .containsExactly(
            "agent.yaml:1: agent.name: is required",
            "agent.yaml:2: agent.nmae: unknown key; did you mean name?",
            "agent.yaml:3: agent.trust_domain: must be a lower-case DNS name",
            "agent.yaml:4: agent.enviroment: unknown key; did you mean environment?",
            "agent.yaml:6: agent.capabilities[0].name: must match ^[a-z][a-z0-9_]*$",
            "agent.yaml:7: agent.capabilities[1].name: is required",
            "agent.yaml:8: serverr: unknown key; did you mean server?",
            "agent.yaml:11: server.port: must be an integer, found text of 4 characters",
            "agent.yaml:12: server.max_concurrent_requests: must be greater than or equal to 2",
            "agent.yaml:13: server.request_timeout_seconds: must be between 0 and ten years",
            "agent.yaml:15: authorization.default_action: must be deny or log-only",
            "agent.yaml:17: authorization.audit.enabled: must be true: without its audit log an"
                + " agent cannot show who called it and who decided; choose a destination instead",
            "agent.yaml:19: observability.metrics: must be a section of keys, found a list",
            "agent.yaml:21: observability.tracing.sample_rate: must be less than or equal to 1.0");
  }

  @Test
  void missingSection_isMissedByItsRequiredKeys() {
    assertThat(violations(folder, "server: {port: 0}"))
        .containsExactly(
            "agent.yaml: agent.name: is required", "agent.yaml: agent.trust_domain: is required");
  }

  @Test
  void participantThatOnlyCalls_declaresNoCapabilities() {
    AgentConfig config = loaded(folder, "agent: {name: a, trust_domain: example.org}", Map.of());
    assertThat(config.agent().capabilities()).isEmpty();
  }

  @Test
  void keyWithoutValue_countsAsAbsent() {
    AgentConfig config = loaded(folder, SMALLEST + "server:\n  port:\nidentity:\n", Map.of());
    assertThat(config.server().port()).isEqualTo(8443);
  }

  @Test
  void relativePaths_areRelativeToTheFile() {
    AgentConfig config =
        loaded(
            folder,
            SMALLEST + "  data_directory: ../data\nauthorization: {bundle: policies}\n",
            Map.of());
    assertThat(config.agent().dataDirectory()).contains(folder.resolveSibling("data"));
    assertThat(config.authorization().bundle()).contains(folder.resolve("policies"));
  }

  @Test
  void durations_acceptDecimals() {
    AgentConfig config =
        loaded(
            folder,
            SMALLEST
                + "server: {request_timeout_seconds: 0.25}\nauthorization: {timeout_ms: 1.5}\n",
            Map.of());
    assertThat(config.server().requestTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.authorization().timeout()).isEqualTo(Duration.ofNanos(1_500_000));
  }

  @Test
  void ratesOfClasses_arePositiveWholeNumbers() {
    String rates = SMALLEST + "server: {requests_per_second: {by_rate_class: {bulk: %s}}}\n";

    assertThat(violations(folder, rates.formatted("0")))
        .singleElement()
        .asString()
        .contains("server.requests_per_second.by_rate_class")
        .endsWith("must be greater than 0");
    assertThat(violations(folder, rates.formatted("fast")))
        .containsExactly(
            "agent.yaml:5: server.requests_per_second.by_rate_class.bulk: must be an integer, found"
                + " text of 4 characters");
  }

  /** A rate that no clock can tell would break every call. */
  @Test
  void ratesBeyondOneANanosecond_areRefused() {
    assertThat(
            violations(
                folder,
                SMALLEST
                    + "server: {requests_per_second: {per_peer: 1000000001, by_rate_class: {bulk:"
                    + " 1000000001}}}\n"))
        .hasSize(2)
        .allSatisfy(
            violation ->
                assertThat(violation)
                    .contains("server.requests_per_second.")
                    .contains("must be less than or equal to 1000000000"));
  }

  @Test
  void integerThatOverflows_isRefused() {
    assertThat(violations(folder, SMALLEST + "server: {port: 99999999999}\n"))
        .containsExactly("agent.yaml:5: server.port: must be a decimal integer of at most 32 bits");
  }

  @Test
  void toolsThatDoNotKnowTheService_readTheAgentsSectionsOnly() {
    Path file = ConfigFiles.write(folder, SMALLEST + "ingester: {max_batch_events: 5}\n");
    assertThat(violations(folder, AgentConfigFile.read(file, Map.of())))
        .containsExactly("agent.yaml:5: ingester: unknown key");
    assertThat(loaded(AgentConfigFile.readAgentSections(file, Map.of())).agent().agent().name())
        .isEqualTo("ingester");
  }

  /** With none, no connection can be made. */
  @Test
  void idleTimeBelowAMillisecond_isRefused() {
    String idle = SMALLEST + "transport: {connection_pool: {idle_timeout_seconds: %s}}\n";
    for (String none : List.of("0", "0.0009")) {
      assertThat(violations(folder, idle.formatted(none)))
          .containsExactly(
              "agent.yaml:5: transport.connection_pool.idle_timeout_seconds: must be at least 1"
                  + " ms");
    }
    assertThat(
            loaded(folder, idle.formatted("0.001"), Map.of()).transport().connectionPool().idle())
        .isEqualTo(Duration.ofMillis(1));
  }

  /** The number of calls that may arrive is made from it. */
  @Test
  void moreCallsAtOnceThanAMillion_areRefused() {
    String server = SMALLEST + "server: {max_concurrent_requests: %d}\n";
    assertThat(violations(folder, server.formatted(1_000_001)))
        .containsExactly(
            "agent.yaml:5: server.max_concurrent_requests: must be less than or equal to 1000000");
    assertThat(
            loaded(folder, server.formatted(1_000_000), Map.of()).server().maxConcurrentRequests())
        .isEqualTo(1_000_000);
  }

  /** Each target's breaker remembers as many calls. */
  @Test
  void moreFailuresThanABreakerRemembers_areRefused() {
    String breaker = SMALLEST + "transport: {circuit_breaker: {failure_threshold: %d}}\n";
    assertThat(violations(folder, breaker.formatted(1001)))
        .containsExactly(
            "agent.yaml:5: transport.circuit_breaker.failure_threshold:"
                + " must be less than or equal to 1000");
    loaded(folder, breaker.formatted(1000), Map.of());
  }
}
