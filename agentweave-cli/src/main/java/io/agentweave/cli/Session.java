package io.agentweave.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditLog;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.VisibleText;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.client.ClientParts;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AuthorizationSection;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * This command's place in the mesh while it runs: an SVID, a policy engine, an audit log and a
 * client of its own, like every agent.
 */
final class Session implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final AgentClient client;
  private final IdentitySource identity;
  private final int largestCall;
  private final Deque<AutoCloseable> opened;

  private Session(
      AgentClient client, IdentitySource identity, int largestCall, Deque<AutoCloseable> opened) {
    this.client = client;
    this.identity = identity;
    this.largestCall = largestCall;
    this.opened = opened;
  }

  /** Joins the mesh that {@code config} names, or the one found without it. */
  static Session open(Optional<Path> config) {
    return open(MeshFile.read(config));
  }

  /** Joins the mesh of a configuration. What fails is said in one line. */
  static Session open(AgentConfig config) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      // Takes as long as getting an identity, and needs none.
      CompletableFuture<PolicyEngine> engine =
          CompletableFuture.supplyAsync(
              () -> policyEngine(config, config.authorization().policyPath()));
      opened.push(() -> closeWhenOpen(engine));
      IdentitySource identity = kept(opened, OwnIdentity.open(config.identity()));
      AuditLog audit =
          kept(opened, OwnAuditLog.open(config.agent().dataDirectoryOrDefault(), identity));
      Telemetry telemetry = kept(opened, telemetry(config, identity));
      Authorizer authorizer =
          kept(opened, Authorization.authorizer(engine.join(), Enforcement.DENY));
      ClientParts parts =
          new ClientParts(
              identity,
              authorizer,
              audit,
              telemetry,
              config.discovery(),
              config.transport(),
              config.agent().environment().word());
      return new Session(
          kept(opened, AgentClient.of(parts)), identity, config.server().maxPayloadBytes(), opened);
    } catch (CompletionException e) {
      closeAll(opened);
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  private static Telemetry telemetry(AgentConfig config, IdentitySource identity) {
    try {
      return Telemetry.start(
          new TelemetrySettings(
              config.agent().name(),
              Optional.of(identity.current().spiffeId()),
              config.agent().environment().word(),
              config.observability().tracing(),
              Set.of()));
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "telemetry: " + e.getMessage(), e);
    }
  }

  /** The policy of the mesh, asked at {@code policyPath}. */
  static PolicyEngine policyEngine(Optional<Path> config, String policyPath) {
    return policyEngine(MeshFile.read(config), policyPath);
  }

  /** The policy of a configuration's mesh, asked at {@code policyPath}. */
  static PolicyEngine policyEngine(AgentConfig config, String policyPath) {
    AuthorizationSection section = config.authorization();
    try {
      return switch (section.provider()) {
        case OPA ->
            Authorization.opaEngine(
                section.opaEndpoint(),
                policyPath,
                section.timeout(),
                section.opaCaFile().orElse(null));
        case OPA_EMBEDDED ->
            Authorization.embeddedEngine(
                section.bundle().orElseThrow(), policyPath, section.timeout());
      };
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.REFUSED, "no policy engine: " + e.getMessage(), e);
    }
  }

  AgentClient client() {
    return client;
  }

  /** Sends events to {@code ingester}, none larger than the configuration says a call may be. */
  EventSender sender(SpiffeId ingester, Console console) {
    return new EventSender(
        client, ingester, Math.min(largestCall, EventFile.LONGEST_LINE), console);
  }

  IdentitySnapshot identity() {
    return identity.current();
  }

  /** Runs a capability that answers with one data part, and gives its content. */
  JsonNode ask(String target, String capability, ObjectNode parameters, CallOptions options) {
    CallRequest request = request(target, capability, parameters, options.timeout());
    return ask(options.address().map(request::at).orElse(request));
  }

  /** The same without a command's options. */
  JsonNode ask(String target, String capability, ObjectNode parameters, Duration timeout) {
    return ask(request(target, capability, parameters, timeout));
  }

  private static CallRequest request(
      String target, String capability, ObjectNode parameters, Duration timeout) {
    return CallRequest.of(
        CallOptions.target(target), capability, Payload.ofJson(parameters.toString()), timeout);
  }

  private JsonNode ask(CallRequest request) {
    return switch (client.call(request)) {
      case CallOutcome.Answered<TaskResult>(var result, var completed) -> {
        if (!completed) {
          throw new Failure(
              ExitCode.FAILED,
              request.target() + " failed: " + VisibleText.of("" + result.error()));
        }
        yield data(result);
      }
      case CallOutcome.Refused<TaskResult>(var refusal) -> throw Failure.of(refusal);
    };
  }

  /** The first data part of a result, or a missing node. */
  static JsonNode data(TaskResult result) {
    for (TaskResult.Message message : result.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.DataPart(Payload json)) {
          try {
            return tree(json);
          } catch (IOException e) {
            throw new Failure(ExitCode.FAILED, "the agent's answer is not JSON", e);
          }
        }
      }
    }
    return MissingNode.getInstance();
  }

  static JsonNode tree(Payload json) throws IOException {
    JsonNode tree = JSON.readTree(json.bytes());
    return tree == null ? JsonNodeFactory.instance.nullNode() : tree;
  }

  @Override
  public void close() {
    closeAll(opened);
  }

  private static <T extends AutoCloseable> T kept(Deque<AutoCloseable> opened, T part) {
    opened.push(part);
    return part;
  }

  private static void closeWhenOpen(CompletableFuture<PolicyEngine> engine) {
    try {
      engine.join().close();
    } catch (CompletionException e) {
      // It never opened, which has been said.
    }
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a part of the session broke", e);
      }
    }
  }
}
