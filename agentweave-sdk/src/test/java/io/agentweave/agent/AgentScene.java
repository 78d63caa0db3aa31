package io.agentweave.agent;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditInMemory;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.ListedGrants;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.client.ClientParts;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.deadletter.DeadLettersInMemory;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SwitchableIdentity;
import io.agentweave.telemetry.SpansInMemory;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A mesh inside a test: one authority, one policy, agents over real mutual TLS, an operator. */
final class AgentScene implements AutoCloseable {
  /** What a call gets, however busy the machine is. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  static final String OPERATOR = "spiffe://agentweave.io/operator/cli";

  final Authority authority = Authority.root("mesh");
  final ListedGrants policy = new ListedGrants();
  final DeadLettersInMemory letters = new DeadLettersInMemory();
  final SpansInMemory spans = new SpansInMemory();
  private final Path directory;
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final List<RunningAgent> agents = new ArrayList<>();
  private final AgentClient operator;
  private final AuditInMemory operatorAudit = new AuditInMemory();

  AgentScene(Path directory) {
    this.directory = directory;
    AgentConfig config = config("cli", List.of("nothing"), "");
    Telemetry telemetry = Telemetry.start(TelemetrySettings.of(config), spans);
    open.push(telemetry::close);
    operator =
        AgentClient.of(
            new ClientParts(
                SwitchableIdentity.of(OPERATOR, authority),
                Authorization.authorizer(policy, Enforcement.DENY),
                operatorAudit,
                telemetry,
                config.discovery(),
                config.transport(),
                "development"));
    open.push(operator::close);
  }

  static String id(String name) {
    return "spiffe://agentweave.io/agent/" + name;
  }

  /** Lets one call these of whomever, both as the caller's and as the callee's policy see it. */
  AgentScene allow(String caller, String... actions) {
    for (String action : actions) {
      policy.allow(caller, action);
    }
    return this;
  }

  AgentConfig config(String name, List<String> capabilities, String more) {
    String yaml =
        """
        agent:
          name: %s
          trust_domain: agentweave.io
          environment: development
          data_directory: %s
          capabilities: [%s]
        server: {host: 127.0.0.1, port: 0, graceful_shutdown_seconds: 60}
        transport:
          retry: {max_attempts: 2, base_delay_seconds: 0.01, max_delay_seconds: 0.05}
        observability:
          metrics: {host: 127.0.0.1, port: 0}
          tracing: {enabled: false}
        %s
        """
            .formatted(
                name,
                directory.resolve(name),
                String.join(", ", capabilities.stream().map(c -> "{name: " + c + "}").toList()),
                more);
    try {
      Path file = Files.writeString(directory.resolve(name + ".yaml"), yaml);
      return switch (AgentConfigFile.read(file, Map.of())) {
        case ConfigReading.Loaded<AgentConfigFile.NoServiceSections>(AgentConfig read, var own) ->
            read;
        case ConfigReading.Invalid<AgentConfigFile.NoServiceSections> invalid ->
            throw new AssertionError(invalid.report());
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AgentParts parts(String name) {
    AgentConfig config = config(name, List.of("nothing"), "");
    Telemetry telemetry = Telemetry.start(TelemetrySettings.of(config), spans);
    open.push(telemetry::close);
    return AgentParts.fromConfiguration()
        .withIdentity(SwitchableIdentity.of(id(name), authority))
        .withPolicy(policy)
        .withTelemetry(telemetry)
        .withDeadLetters(letters);
  }

  /** Starts an agent that knows the addresses of those started before it. */
  RunningAgent start(String name, SecureAgent agent, String... capabilities) {
    StringBuilder discovery = new StringBuilder("discovery: {static: {");
    for (RunningAgent known : agents) {
      discovery.append("\"%s\": \"127.0.0.1:%d\", ".formatted(known.spiffeId(), known.port()));
    }
    AgentConfig config = config(name, List.of(capabilities), discovery + "}}");
    RunningAgent running = AgentRunner.start(config, agent, parts(name));
    open.push(running::close);
    agents.add(running);
    return running;
  }

  /** As the operator. */
  CallOutcome<TaskResult> call(RunningAgent agent, String capability, String json) {
    return call(agent, capability, json, PATIENCE);
  }

  CallOutcome<TaskResult> call(
      RunningAgent agent, String capability, String json, Duration timeout) {
    return operator.call(
        CallRequest.of(agent.spiffeId(), capability, Payload.ofJson(json), timeout)
            .at("127.0.0.1:" + agent.port()));
  }

  AgentClient operator() {
    return operator;
  }

  static TaskResult answer(CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean completed) -> result;
      case CallOutcome.Refused<TaskResult>(Refusal refusal) ->
          throw new AssertionError("refused: " + refusal);
    };
  }

  static Refusal refusal(CallOutcome<?> outcome) {
    return switch (outcome) {
      case CallOutcome.Refused<?>(Refusal refusal) -> refusal;
      case CallOutcome.Answered<?> answered ->
          throw new AssertionError("not refused but " + answered);
    };
  }

  /** The data of all parts, one after the other. */
  static String data(TaskResult result) {
    StringBuilder text = new StringBuilder();
    for (TaskResult.Message message : result.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.DataPart(Payload json)) {
          text.append(new String(json.bytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return text.toString();
  }

  /** All that an agent's audit files say. */
  String audit(String name) {
    try (var files = Files.walk(directory.resolve(name).resolve("audit"))) {
      StringBuilder text = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
