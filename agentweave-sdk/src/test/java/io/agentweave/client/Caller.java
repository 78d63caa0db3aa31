package io.agentweave.client;

import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditInMemory;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.ListedGrants;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.config.DiscoverySection;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.SpansInMemory;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A client with all that it stands on, in a few lines of a test. */
final class Caller implements AutoCloseable {
  static final SpiffeId TARGET = SpiffeId.parse("spiffe://agentweave.io/agent/processor");
  static final TransportSection PATIENT = transport(3, Duration.ofMillis(10), 1000, 100);

  /** What a call gets, however busy the machine is. */
  static final Duration TIMEOUT = Duration.ofMinutes(2);

  static final String SELF = "spiffe://agentweave.io/agent/ingester";

  final ListedGrants policy = new ListedGrants().allow(SELF, "process_event");
  final AuditInMemory audit = new AuditInMemory();
  final SpansInMemory spans = new SpansInMemory();
  final Telemetry telemetry =
      Telemetry.start(
          new TelemetrySettings(
              "caller",
              Optional.empty(),
              "development",
              new Tracing(true, "otlp", "http://localhost:4317", 1.0),
              Set.of()),
          spans);
  final AgentClient client;

  Caller(IdentitySource identity, TransportSection transport, Map<String, String> addresses) {
    client =
        AgentClient.of(
            new ClientParts(
                identity,
                Authorization.authorizer(policy, Enforcement.DENY),
                audit,
                telemetry,
                new DiscoverySection(addresses, "{name}.invalid:8443"),
                transport,
                "development"));
  }

  static Caller of(IdentitySource identity) {
    return new Caller(identity, PATIENT, Map.of());
  }

  static TransportSection transport(
      int attempts, Duration delay, int failureThreshold, int maxConnections) {
    return new TransportSection(
        new TransportSection.ConnectionPool(maxConnections, Duration.ofSeconds(60)),
        new TransportSection.CircuitBreaker(failureThreshold, Duration.ofMillis(300)),
        new TransportSection.Retry(attempts, delay, delay.multipliedBy(10)));
  }

  static CallRequest request(String address) {
    return CallRequest.of(TARGET, "process_event", Payload.ofJson("{\"event\":1}"), TIMEOUT)
        .at(address);
  }

  CallOutcome<TaskResult> call(String address) {
    return client.call(request(address));
  }

  static Refusal refusal(CallOutcome<?> outcome) {
    return switch (outcome) {
      case CallOutcome.Refused<?>(Refusal refusal) -> refusal;
      case CallOutcome.Answered<?> answered ->
          throw new AssertionError("not refused but " + answered);
    };
  }

  String metrics() {
    return telemetry.scrape();
  }

  @Override
  public void close() {
    client.close();
    telemetry.close();
  }
}
