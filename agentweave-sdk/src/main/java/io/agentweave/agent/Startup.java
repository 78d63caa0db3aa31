package io.agentweave.agent;

import io.agentweave.admission.AdmissionControl;
import io.agentweave.audit.AuditLog;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Decision;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.authz.PolicyInput;
import io.agentweave.client.AgentClient;
import io.agentweave.client.ClientParts;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.ObservabilitySection;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.AgentServer;
import io.agentweave.server.CapabilityCatalogue;
import io.agentweave.server.ServedCapability;
import io.agentweave.server.ServerParts;
import io.agentweave.server.ServerProfile;
import io.agentweave.telemetry.MetricsEndpoint;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import io.agentweave.validation.JsonLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Brings an agent up, part by part; what fails ends it, and what was open is closed again. */
final class Startup {
  private final AgentConfig config;
  private final SecureAgent agent;
  private final AgentParts given;
  private final OpenParts open = new OpenParts();

  private Startup(AgentConfig config, SecureAgent agent, AgentParts given) {
    this.config = config;
    this.agent = agent;
    this.given = given;
  }

  static StartedAgent run(AgentConfig config, SecureAgent agent, AgentParts given) {
    Startup startup = new Startup(config, agent, given);
    try {
      return startup.run();
    } catch (RuntimeException e) {
      startup.open.close();
      throw e;
    }
  }

  private StartedAgent run() {
    // The first SVID takes an exchange over a socket and much arithmetic of its key.
    Callable<IdentitySource> svid = identitySource();
    CapabilityMethods methods = methods();
    Telemetry telemetry = telemetry();
    Authorizer authorizer = open.add("the policy engine", authorizer());
    IdentitySource identity = identity(svid);
    AuditLog audit =
        open.add(
            "the audit log",
            new ObservedAudit(step("audit", () -> Sources.audit(config, identity)), telemetry));
    DeadLetterQueue letters = deadLetters();
    AgentClient client =
        open.add(
            "the client",
            AgentClient.of(
                new ClientParts(
                    identity,
                    authorizer,
                    audit,
                    telemetry,
                    config.discovery(),
                    config.transport(),
                    environment())));
    start(new HandlerDeadLetters(letters, telemetry), client, telemetry);
    CapabilityCatalogue skills =
        CapabilityCatalogue.of(methods.served(config.agent().capabilities()));
    FirstCounts.begin(telemetry, skills);
    Replays replays =
        new Replays(self(), environment(), letters, authorizer, audit, skills, telemetry);
    CapabilityCatalogue catalogue = withBuiltIns(skills, letters, replays);
    AdmissionControl admission =
        step("server", () -> AdmissionControl.of(Limits.of(config, catalogue)));

    Vitals vitals = new Vitals(identity, audit, letters);
    open.add("the watch over identity", vitals.watch(telemetry));
    Optional<MetricsEndpoint> metrics = metrics(telemetry, vitals);
    AgentServer server =
        step(
            "server",
            () ->
                AgentServer.start(
                    profile(catalogue),
                    new ServerParts(identity, authorizer, admission, audit, telemetry)));
    vitals.serving(true);
    return new StartedAgent(
        self(), server, metrics, vitals, config.server().gracefulShutdown(), open);
  }

  private SpiffeId self() {
    return config.agent().spiffeId();
  }

  private String environment() {
    return config.agent().environment().word();
  }

  private JsonLimits jsonLimits() {
    return JsonLimits.ofBytes(config.server().maxPayloadBytes());
  }

  /** The agent's own capabilities, once they agree with the configuration. */
  private CapabilityMethods methods() {
    CapabilityMethods methods = CapabilityMethods.of(agent, jsonLimits());
    List<String> problems = new ArrayList<>(methods.problems());
    if (problems.isEmpty()) {
      problems.addAll(methods.disagreements(config.agent().capabilities()));
    }
    if (!problems.isEmpty()) {
      throw AgentStartException.badConfiguration(problems);
    }
    return methods;
  }

  private CapabilityCatalogue withBuiltIns(
      CapabilityCatalogue skills, DeadLetterQueue letters, Replays replays) {
    CapabilityMethods builtIns =
        CapabilityMethods.of(new BuiltIns(self(), letters, replays), jsonLimits());
    List<ServedCapability> all = new ArrayList<>(skills.all());
    all.addAll(builtIns.servedAsBuiltIn());
    return CapabilityCatalogue.of(all);
  }

  private Telemetry telemetry() {
    if (given.telemetry().isPresent()) {
      return given.telemetry().get();
    }
    Set<String> actions = new HashSet<>(CapabilityCatalogue.of(List.of()).actions());
    actions.addAll(BuiltIns.NAMES);
    return open.add(
        "telemetry",
        step("telemetry", () -> Telemetry.start(TelemetrySettings.of(config).serving(actions))));
  }

  private Callable<IdentitySource> identitySource() {
    if (given.identity().isPresent()) {
      return given.identity()::get;
    }
    EarlyPart<IdentitySource> early = EarlyPart.opening("identity", () -> Sources.identity(config));
    AutoCloseable end = early::end;
    open.add("identity", end);
    return early::take;
  }

  private IdentitySource identity(Callable<IdentitySource> opening) {
    IdentitySource source = step("identity", opening);
    SpiffeId found = source.current().spiffeId();
    if (!found.equals(self())) {
      throw new AgentStartException(
          "identity: the SVID is of %s, but agent.trust_domain and agent.name say %s; register this"
                  .formatted(found, self())
              + " workload under that ID, or correct the configuration");
    }
    return source;
  }

  private Authorizer authorizer() {
    PolicyEngine engine =
        given
            .policy()
            .<PolicyEngine>map(BorrowedEngine::new)
            .orElseGet(() -> step("authorization", () -> Sources.policy(config)));
    return Authorization.authorizer(engine, Sources.enforcement(config));
  }

  private DeadLetterQueue deadLetters() {
    return given
        .deadLetters()
        .orElseGet(
            () ->
                open.add(
                    "the dead-letter queue",
                    step(
                        "dead letters",
                        () -> Sources.deadLetters(config, agent.deadLetterDatabase()))));
  }

  private void start(DeadLetterQueue letters, AgentClient client, Telemetry telemetry) {
    agent.enter(new SecureAgent.AgentSurroundings(self(), config, telemetry, letters, client));
    open.add("the agent object", agent::leave);
    open.add("the agent itself", agent::onStop);
    step(
        config.agent().name(),
        () -> {
          agent.onStart();
          return agent;
        });
  }

  private Optional<MetricsEndpoint> metrics(Telemetry telemetry, Vitals vitals) {
    ObservabilitySection.Metrics settings = config.observability().metrics();
    if (!settings.enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        open.add(
            "the metrics port",
            step(
                "metrics",
                () ->
                    MetricsEndpoint.open(
                        settings.host(), settings.port(), telemetry, vitals::readiness))));
  }

  private ServerProfile profile(CapabilityCatalogue catalogue) {
    String version = agent.getClass().getPackage().getImplementationVersion();
    return new ServerProfile(
        config.agent().name(),
        config.agent().description(),
        version == null ? "development" : version,
        environment(),
        config.server(),
        catalogue);
  }

  /** Says which part could not be started; the part's own message says why, and what to do. */
  private static <T> T step(String part, Callable<T> start) {
    try {
      return start.call();
    } catch (AgentStartException e) {
      throw e;
    } catch (Exception e) {
      String why = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
      throw new AgentStartException(part + ": " + why, e);
    }
  }

  /** An engine that somebody else closes. */
  private record BorrowedEngine(PolicyEngine engine) implements PolicyEngine {
    @Override
    public Decision decide(PolicyInput input) {
      return engine.decide(input);
    }

    @Override
    public Optional<Decision> decideUnlessStill(String earlier, PolicyInput input) {
      return engine.decideUnlessStill(earlier, input);
    }

    @Override
    public String revision() {
      return engine.revision();
    }

    @Override
    public void close() {}
  }
}
