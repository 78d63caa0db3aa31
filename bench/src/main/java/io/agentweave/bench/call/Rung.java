package io.agentweave.bench.call;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.admission.AdmissionControl;
import io.agentweave.admission.AdmissionLimits;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditSettings;
import io.agentweave.audit.AuditSigner;
import io.agentweave.audit.FileAuditLog;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PeerPattern;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.client.ClientParts;
import io.agentweave.config.AgentConfig;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.WorkloadApiSettings;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.server.AgentServer;
import io.agentweave.server.CapabilityCatalogue;
import io.agentweave.server.Decoded;
import io.agentweave.server.Invocation;
import io.agentweave.server.ServedCapability;
import io.agentweave.server.ServerParts;
import io.agentweave.server.ServerProfile;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import io.agentweave.validation.Binding;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.PayloadBinder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * A server and a client with some of an agent's parts, to find out what each part costs. What is
 * left out is replaced here; agents have no switch for it.
 */
final class Rung {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final int PLACES = 1000;

  private final Variant variant;
  private final AgentConfig config;
  private final IdentitySource identity;

  private Rung(Variant variant, Path configuration) {
    this.variant = variant;
    this.config = Secured.read(configuration);
    this.identity =
        IdentitySources.fromWorkloadApi(
            new WorkloadApiSettings(
                URI.create(config.identity().spiffeEndpoint()),
                Optional.of(config.agent().spiffeId()),
                Set.of(),
                TO_START));
  }

  static Server serve(Variant variant, Path configuration) throws Exception {
    Rung rung = new Rung(variant, configuration);
    CapabilityCatalogue catalogue = CapabilityCatalogue.of(List.of(rung.capability()));
    Map<String, Integer> places = new TreeMap<>();
    catalogue.actions().forEach(action -> places.put(action, PLACES - 1));
    AgentServer server =
        AgentServer.start(
            new ServerProfile("measured", "", "1", "production", rung.config.server(), catalogue),
            new ServerParts(
                rung.identity,
                rung.authorizer(),
                AdmissionControl.of(
                    new AdmissionLimits(
                        PLACES, places, PLACES, 1_000_000, Map.of(), Set.of(), TIMEOUT)),
                rung.audit(),
                rung.telemetry()));
    return new Server() {
      @Override
      public int port() {
        return server.port();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  static Caller caller(Variant variant, Path configuration) throws IOException {
    Rung rung = new Rung(variant, configuration);
    AgentClient client =
        AgentClient.of(
            new ClientParts(
                rung.identity,
                rung.authorizer(),
                rung.audit(),
                rung.telemetry(),
                rung.config.discovery(),
                rung.config.transport(),
                "production"));
    Payload payload = Payload.ofJson(Sample.payload());
    return new Caller() {
      @Override
      public void call() {
        CallOutcome<TaskResult> outcome =
            client.call(CallRequest.of(Secured.SERVER, Secured.CAPABILITY, payload, TIMEOUT));
        if (!(outcome instanceof CallOutcome.Answered<TaskResult>(var result, var completed))
            || !completed
            || result.messages().isEmpty()) {
          throw new IllegalStateException("not the answer: " + outcome);
        }
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private ServedCapability capability() throws NoSuchMethodException {
    PayloadBinder binder =
        PayloadBinder.of(
            this, Rung.class.getDeclaredMethod("measure", Event.class), Set.of(), JsonLimits.USUAL);
    Invocation answer =
        call ->
            CallOutcome.completed(
                TaskResult.completed(new Part.DataPart(Payload.ofJson(Sample.ANSWER))));
    ServedCapability.Decoder decoder =
        variant.reaches(Variant.RUNG_BINDING)
            ? payload ->
                switch (binder.bind(payload)) {
                  case Binding.Bound bound -> new Decoded.Ready(answer);
                  case Binding.Unfit(var violations) -> new Decoded.Invalid(violations);
                }
            : payload -> new Decoded.Ready(answer);
    return new ServedCapability(
        Secured.CAPABILITY,
        "",
        List.of("application/json"),
        List.of("application/json"),
        new PeerRequirement(List.of(PeerPattern.parse(Secured.CLIENT.toString()))),
        OptionalInt.empty(),
        ServedCapability.Kind.SKILL,
        decoder);
  }

  /** Its signature is what payloads are bound to. */
  void measure(Event eventData) {}

  private Authorizer authorizer() {
    Authorizer real =
        Authorization.authorizer(
            Authorization.embeddedEngine(
                config.authorization().bundle().orElseThrow(),
                config.authorization().policyPath(),
                config.authorization().timeout()),
            Enforcement.DENY);
    return variant.reaches(Variant.RUNG_POLICY) ? real : new RememberedPermit(real);
  }

  private AuditLog audit() throws IOException {
    return variant.reaches(Variant.RUNG_AUDIT)
        ? FileAuditLog.open(
            AuditSettings.of(
                config.agent().dataDirectoryOrDefault().resolve("audit"),
                config.agent().spiffeId()),
            AuditSigner.with(identity))
        : new NothingKept();
  }

  private Telemetry telemetry() {
    return variant.reaches(Variant.RUNG_METRICS)
        ? Telemetry.start(TelemetrySettings.of(config))
        : new NothingSeen();
  }
}
