package io.agentweave.pipeline.ingester;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Enforcement;
import io.agentweave.client.AgentClient;
import io.agentweave.client.ClientParts;
import io.agentweave.config.DiscoverySection;
import io.agentweave.config.ObservabilitySection;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The operator at the command line, who may call the agents by the project's policies. */
final class PipelineOperator implements AutoCloseable {
  private final IdentitySource identity;
  private final Authorizer authorizer;
  private final Telemetry telemetry;
  private final AgentClient client;

  PipelineOperator(PipelineIdentities identities) {
    identity =
        IdentitySources.fromPemFiles(identities.files("operator/cli"), Optional.empty(), Set.of());
    authorizer =
        Authorization.authorizer(
            Authorization.embeddedEngine(
                WholePipeline.ROOT.resolve("policies"),
                "operator/authz/cli",
                Duration.ofMinutes(1)),
            Enforcement.DENY);
    telemetry =
        Telemetry.start(
            new TelemetrySettings(
                "cli",
                Optional.empty(),
                "development",
                new ObservabilitySection.Tracing(false, "otlp", "http://localhost:4317", 1.0),
                Set.of()));
    client =
        AgentClient.of(
            new ClientParts(
                identity,
                authorizer,
                new CountedAudit(),
                telemetry,
                new DiscoverySection(Map.of(), "{name}:8443"),
                new TransportSection(
                    new TransportSection.ConnectionPool(10, Duration.ofSeconds(60)),
                    new TransportSection.CircuitBreaker(50, Duration.ofMillis(200)),
                    new TransportSection.Retry(1, Duration.ofMillis(10), Duration.ofMillis(50))),
                "development"));
  }

  AgentClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    authorizer.close();
    telemetry.close();
    identity.close();
  }

  /** What the operator wrote down is not what these tests are about. */
  private static final class CountedAudit implements AuditLog {
    private final AtomicLong records = new AtomicLong();

    @Override
    public AuditReceipt record(AuditEvent event) {
      return new AuditReceipt.Written(records.incrementAndGet());
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void close() {
      records.set(0);
    }
  }
}
