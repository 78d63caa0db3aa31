package io.agentweave.e2e;

import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditSettings;
import io.agentweave.audit.AuditSigner;
import io.agentweave.audit.FileAuditLog;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.client.ClientParts;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.AuthorizationSection;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.identity.WorkloadApiSettings;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A caller that lives: single events through the whole pipeline of the real stack, one after the
 * other on each of a few threads, with one identity, one client and its connections kept. Prints
 * what came of them as one JSON object, and says on standard error when the first is answered.
 *
 * <p>Arguments: the configuration file, seconds, threads.
 */
public final class Load {
  private static final SpiffeId INGESTER = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Load() {}

  /** Runs until its time is over; the exit code is 1 when any call failed. */
  public static void main(String[] arguments) throws Exception {
    AgentConfig config =
        switch (AgentConfigFile.readAgentSections(Path.of(arguments[0]), System.getenv())) {
          case ConfigReading.Loaded<?>(var agent, var service) -> agent;
          case ConfigReading.Invalid<?> invalid ->
              throw new IllegalArgumentException(invalid.report());
        };
    Duration length = Duration.ofSeconds(Long.parseLong(arguments[1]));
    int threads = Integer.parseInt(arguments[2]);
    AtomicLong calls = new AtomicLong();
    AtomicLong rotations = new AtomicLong();
    Map<String, Long> failures = new TreeMap<>();
    try (IdentitySource identity = identity(config);
        AuditLog audit =
            FileAuditLog.open(
                AuditSettings.of(
                    config.agent().dataDirectoryOrDefault().resolve("load-audit"),
                    identity.current().spiffeId()),
                AuditSigner.with(identity));
        Telemetry telemetry =
            Telemetry.start(
                new TelemetrySettings(
                    "load",
                    Optional.of(identity.current().spiffeId()),
                    "production",
                    config.observability().tracing(),
                    Set.of()));
        Authorizer authorizer =
            Authorization.authorizer(policyEngine(config.authorization()), Enforcement.DENY);
        AgentClient client =
            AgentClient.of(
                new ClientParts(
                    identity,
                    authorizer,
                    audit,
                    telemetry,
                    config.discovery(),
                    config.transport(),
                    "production"));
        var _ = identity.onChange(snapshot -> rotations.incrementAndGet())) {
      long end = System.nanoTime() + length.toNanos();
      try (var workers = Executors.newFixedThreadPool(threads)) {
        for (int i = 0; i < threads; i++) {
          workers.submit(
              () -> {
                while (System.nanoTime() < end) {
                  String failure = failureOf(client.call(request()));
                  if (calls.incrementAndGet() == 1) {
                    System.err.println("load: the first call is answered");
                  }
                  if (!failure.isEmpty()) {
                    synchronized (failures) {
                      failures.merge(failure, 1L, Long::sum);
                    }
                  }
                  Thread.sleep(PAUSE);
                }
                return null;
              });
        }
      }
    }
    System.out.println(
        "{\"calls\":%d,\"failed\":%d,\"rotations\":%d,\"failures\":{%s}}"
            .formatted(
                calls.get(),
                failures.values().stream().mapToLong(Long::longValue).sum(),
                rotations.get(),
                failures.entrySet().stream()
                    .map(
                        e -> "\"" + e.getKey().replaceAll("[\"\\\\\n]", "'") + "\":" + e.getValue())
                    .collect(Collectors.joining(","))));
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  private static IdentitySource identity(AgentConfig config) {
    return IdentitySources.fromWorkloadApi(
        new WorkloadApiSettings(
            URI.create(config.identity().spiffeEndpoint()),
            Optional.empty(),
            config.identity().allowedTrustDomains().stream()
                .map(TrustDomain::new)
                .collect(Collectors.toSet()),
            config.identity().startupTimeout()));
  }

  private static PolicyEngine policyEngine(AuthorizationSection section) {
    return switch (section.provider()) {
      case OPA ->
          Authorization.opaEngine(
              section.opaEndpoint(),
              section.policyPath(),
              section.timeout(),
              section.opaCaFile().orElse(null));
      case OPA_EMBEDDED ->
          Authorization.embeddedEngine(
              section.bundle().orElseThrow(), section.policyPath(), section.timeout());
    };
  }

  private static CallRequest request() {
    Payload event =
        Payload.ofJson(
            """
            {"event_data":{"event_id":"load-%s","event_type":"page_view","timestamp":"2026-11-21T10:00:00Z",\
            "user_id":"user-123","source":"load","properties":{}}}\
            """
                .formatted(UUID.randomUUID()));
    return CallRequest.of(INGESTER, "ingest_event", event, Duration.ofSeconds(20));
  }

  private static String failureOf(CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Refused<TaskResult>(var refusal) ->
          refusal.kind().word() + ": " + refusal.detail();
      case CallOutcome.Answered<TaskResult>(var result, var completed) ->
          completed ? "" : "failed: " + result.error();
    };
  }
}
