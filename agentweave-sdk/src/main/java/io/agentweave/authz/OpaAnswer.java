package io.agentweave.authz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The body of OPA's answer: {@code {"result": …, "provenance": {…}}}. */
final class OpaAnswer {
  private OpaAnswer() {}

  static Decision decision(String id, byte[] body) {
    JsonNode answer = PolicyAnswer.parse(body);
    if (answer == null) {
      return new Unavailable(
          id, "not_json", "the answer of " + body.length + " bytes is no JSON document");
    }
    if (!answer.isObject()) {
      return new Unavailable(id, "wrong_type", "the answer is not an object");
    }
    return PolicyAnswer.decision(id, revision(answer.get("provenance")), answer.get("result"));
  }

  /**
   * The revisions of all bundles; empty when OPA has none, or one of them has no revision, because
   * then a change would go unseen.
   */
  private static String revision(@Nullable JsonNode provenance) {
    JsonNode bundles = provenance == null ? null : provenance.get("bundles");
    if (bundles == null || bundles.isEmpty()) {
      return "";
    }
    Map<String, String> revisions = new TreeMap<>();
    bundles
        .properties()
        .forEach(
            bundle -> revisions.put(bundle.getKey(), bundle.getValue().path("revision").asText()));
    return revisions.containsValue("")
        ? ""
        : revisions.entrySet().stream()
            .map(bundle -> bundle.getKey() + "=" + bundle.getValue())
            .collect(Collectors.joining(","));
  }
}
