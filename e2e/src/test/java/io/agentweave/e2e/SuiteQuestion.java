package io.agentweave.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Call;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A case of policies/suite that an agent can ask: with the grants as shipped, and an input that is
 * a call between two SPIFFE IDs. What no agent can ask is left to {@code policies/suite/check}.
 *
 * @param expected the answer as {@link #inWords} says it
 */
record SuiteQuestion(String name, PolicyInput input, String expected) {
  private static final int LARGEST = 1 << 20;

  /** By entry point. */
  static Map<String, List<SuiteQuestion>> all() throws IOException {
    JsonNode cases =
        new ObjectMapper().readTree(Parts.ROOT.resolve("policies/suite/decisions.json").toFile());
    Map<String, List<SuiteQuestion>> questions = new TreeMap<>();
    for (JsonNode test : cases) {
      if (!test.has("data")) {
        input(test.get("input"))
            .ifPresent(
                input ->
                    questions
                        .computeIfAbsent(test.get("entrypoint").textValue(), e -> new ArrayList<>())
                        .add(
                            new SuiteQuestion(
                                test.get("name").textValue(), input, inWords(test.get("expect")))));
      }
    }
    return questions;
  }

  /** What of a decision the policy itself said. */
  static String inWords(Decision decision) {
    return switch (decision) {
      case Permit permit ->
          "permit by %s, rate class %s, reusable for %d s"
              .formatted(permit.policyId(), permit.rateClass(), permit.reusableFor().toSeconds());
      case Denied denied -> "denied by %s: %s".formatted(denied.policyId(), denied.reason());
      case Unavailable unavailable ->
          "unavailable: " + unavailable.fault() + ", " + unavailable.detail();
    };
  }

  private static String inWords(JsonNode answer) {
    String policy = answer.path("policy_id").asText("");
    return answer.path("allow").booleanValue()
        ? "permit by %s, rate class %s, reusable for %d s"
            .formatted(
                policy,
                answer.path("rate_class").asText(null),
                answer.path("cacheable_for").asLong(0))
        : "denied by %s: %s".formatted(policy, answer.path("reason").asText(""));
  }

  private static Optional<PolicyInput> input(JsonNode json) {
    JsonNode context = json.path("context");
    int size = context.path("payload_size").asInt(0);
    if (size < 1 || size > LARGEST || !wellTyped(json, context)) {
      return Optional.empty();
    }
    try {
      SpiffeId caller = SpiffeId.parse(json.path("caller_spiffe_id").asText());
      SpiffeId callee = SpiffeId.parse(json.path("callee_spiffe_id").asText());
      Call call =
          new Call(
              context.path("request_id").asText(),
              Direction.valueOf(json.path("direction").asText().toUpperCase(Locale.ROOT)),
              context.path("rpc").asText(),
              json.path("action").asText(),
              context.path("task_id").asText(null),
              Payload.ofJson("1".repeat(size)),
              Deadline.in(Duration.ofSeconds(60)));
      PolicyInput input =
          new PolicyInput(
              call,
              caller,
              callee,
              context.path("environment").asText(),
              Instant.parse(json.path("timestamp").asText()));
      return derivedAlike(json, input) ? Optional.of(input) : Optional.empty();
    } catch (IllegalArgumentException | DateTimeParseException notOneOfOurs) {
      return Optional.empty();
    }
  }

  /** An agent's own document has these members, of these types. */
  private static boolean wellTyped(JsonNode json, JsonNode context) {
    List<String> texts =
        List.of(
            "direction",
            "caller_spiffe_id",
            "callee_spiffe_id",
            "resource_spiffe_id",
            "caller_trust_domain",
            "resource_trust_domain",
            "action",
            "timestamp");
    return json.size() == texts.size() + 1
        && texts.stream().allMatch(name -> json.path(name).isTextual())
        && List.of("request_id", "environment", "rpc", "utc_weekday").stream()
            .allMatch(name -> context.path(name).isTextual())
        && List.of("payload_size", "deadline_ms", "utc_hour").stream()
            .allMatch(name -> context.path(name).isInt())
        && context.size() == (context.path("task_id").isTextual() ? 8 : 7)
        && json.path("direction")
            .textValue()
            .equals(json.path("direction").textValue().toLowerCase(Locale.ROOT));
  }

  /** Whether what an agent derives from the rest is what the case says of it. */
  private static boolean derivedAlike(JsonNode json, PolicyInput input) {
    var utc = input.timestamp().atOffset(java.time.ZoneOffset.UTC);
    return json.path("resource_spiffe_id").asText().equals(input.callee().toString())
        && json.path("caller_trust_domain").asText().equals(input.caller().trustDomain().name())
        && json.path("resource_trust_domain").asText().equals(input.callee().trustDomain().name())
        && json.path("context").path("utc_hour").asInt(-1) == utc.getHour()
        && json.path("context")
            .path("utc_weekday")
            .asText()
            .equals(utc.getDayOfWeek().name().toLowerCase(Locale.ROOT));
  }
}
