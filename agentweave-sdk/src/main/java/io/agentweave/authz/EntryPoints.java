package io.agentweave.authz;

import java.util.Map;
import java.util.TreeSet;

/** The questions that a module answers, each with its number. */
final class EntryPoints {
  private EntryPoints() {}

  /**
   * The number of {@code <policyPath>/decision}, or else of the path itself.
   *
   * @throws IllegalArgumentException when the module has neither
   */
  static int find(String policyPath, Map<String, Integer> known) {
    String decision = policyPath + "/decision";
    Integer number = known.getOrDefault(decision, known.get(policyPath));
    if (number == null) {
      throw new IllegalArgumentException(
          "policy.wasm has no entry point %s or %s; it has %s"
              .formatted(decision, policyPath, new TreeSet<>(known.keySet())));
    }
    return number;
  }
}
