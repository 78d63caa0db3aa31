package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.authz.Decision;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Call;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AuthorizationSection;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * How the mesh of a configuration is, seen from this command: its own identity, the policy engine,
 * and each agent under {@code discovery.static}. A part that is not well is a finding, not an end;
 * everything together takes no longer than the identity's start-up time and one {@link #PATIENCE}.
 */
record ConfiguredMesh(List<Part> parts) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * One finding.
   *
   * @param state one word
   * @param detail one line, may be empty; of a part that is not well, what to do as well
   */
  record Part(String name, boolean ready, String state, String detail) {}

  static ConfiguredMesh ask(AgentConfig config) {
    List<Part> parts = new ArrayList<>();
    parts.add(policy(config));
    try (Session session = Session.open(config)) {
      parts.addFirst(identity(session.identity()));
      parts.addAll(agents(session, config.discovery().addresses()));
    } catch (Failure e) {
      String why = String.valueOf(e.getMessage());
      boolean wrong = e.code() == ExitCode.USAGE;
      parts.addFirst(
          new Part(wrong ? "settings" : "identity", false, wrong ? "wrong" : "missing", why));
      for (String id : new TreeMap<>(config.discovery().addresses()).keySet()) {
        parts.add(new Part(name(id), false, "unknown", "can't be asked before that"));
      }
    }
    return new ConfiguredMesh(List.copyOf(parts));
  }

  boolean ready() {
    return parts.stream().allMatch(Part::ready);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("ready", ready());
    for (Part part : parts) {
      json.withArray("parts")
          .addObject()
          .put("name", part.name())
          .put("ready", part.ready())
          .put("state", part.state())
          .put("detail", part.detail());
    }
    return json;
  }

  private static Part identity(IdentitySnapshot own) {
    Duration left = Duration.between(Instant.now(), own.notAfter());
    return new Part(
        "identity",
        !left.isNegative(),
        left.isNegative() ? "expired" : "ready",
        own.spiffeId() + ", SVID for another " + left.toSeconds() + " s");
  }

  private static Part policy(AgentConfig config) {
    AuthorizationSection section = config.authorization();
    String where =
        switch (section.provider()) {
          case OPA -> "OPA at " + section.opaEndpoint();
          case OPA_EMBEDDED -> "embedded";
        };
    try (PolicyEngine engine = Session.policyEngine(config, section.policyPath())) {
      Decision decision = engine.decide(question(config));
      return decision instanceof Unavailable(var id, var fault, var detail)
          ? new Part("policy", false, "unavailable", where + ": " + fault + ": " + detail)
          : new Part("policy", true, "ready", where + ", revision " + decision.revision());
    } catch (Failure e) {
      return new Part("policy", false, "unavailable", String.valueOf(e.getMessage()));
    }
  }

  /** Any question does: whether there is an answer is what counts. */
  private static PolicyInput question(AgentConfig config) {
    SpiffeId self = SpiffeId.parse("spiffe://" + config.agent().trustDomain() + "/operator/cli");
    Call call =
        new Call(
            UUID.randomUUID().toString(),
            Direction.OUTBOUND,
            "SendMessage",
            "health",
            null,
            Payload.empty(),
            Deadline.in(PATIENCE));
    return new PolicyInput(call, self, self, config.agent().environment().word(), Instant.now());
  }

  private static List<Part> agents(Session session, Map<String, String> addresses) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return new TreeMap<>(addresses)
          .entrySet().stream()
              .map(
                  agent ->
                      CompletableFuture.supplyAsync(
                          () -> agent(session, agent.getKey(), agent.getValue()), threads))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
    }
  }

  private static Part agent(Session session, String id, String address) {
    try {
      JsonNode health = session.ask(id, "health", JsonNodeFactory.instance.objectNode(), PATIENCE);
      String status = health.path("status").asText("silent");
      return new Part(name(id), status.equals("healthy"), status, address);
    } catch (Failure e) {
      return new Part(
          name(id),
          false,
          "not ready",
          "%s: %s; when it did not start, the last line of its log says why"
              .formatted(address, e.getMessage()));
    }
  }

  private static String name(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }
}
