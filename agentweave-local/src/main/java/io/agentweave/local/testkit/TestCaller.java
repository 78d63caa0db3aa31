package io.agentweave.local.testkit;

import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditSettings;
import io.agentweave.audit.AuditSigner;
import io.agentweave.audit.FileAuditLog;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.client.ClientParts;
import io.agentweave.config.DiscoverySection;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Somebody who calls agents and is none: a client with everything that a client needs. */
final class TestCaller implements AutoCloseable {
  private final AuditLog audit;
  private final Telemetry telemetry;
  private final AgentClient client;

  TestCaller(IdentitySource identity, PolicyEngine policy, Path folder) {
    SpiffeId self = identity.current().spiffeId();
    try {
      audit = FileAuditLog.open(AuditSettings.of(folder, self), AuditSigner.with(identity));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    telemetry =
        Telemetry.start(
            new TelemetrySettings(
                "test",
                Optional.of(self),
                "development",
                new Tracing(false, "otlp", "http://localhost:4317", 1.0),
                Set.of()));
    client =
        AgentClient.of(
            new ClientParts(
                identity,
                Authorization.authorizer(policy, Enforcement.DENY),
                audit,
                telemetry,
                new DiscoverySection(Map.of(), "{name}:8443"),
                new TransportSection(
                    new TransportSection.ConnectionPool(10, Duration.ofSeconds(60)),
                    new TransportSection.CircuitBreaker(1000, Duration.ofMillis(100)),
                    new TransportSection.Retry(1, Duration.ofMillis(10), Duration.ofMillis(10))),
                "development"));
  }

  CallOutcome<TaskResult> call(
      SpiffeId target, String address, String capability, Payload payload, Duration timeout) {
    return client.call(CallRequest.of(target, capability, payload, timeout).at(address));
  }

  @Override
  public void close() {
    client.close();
    telemetry.close();
    audit.close();
  }
}
