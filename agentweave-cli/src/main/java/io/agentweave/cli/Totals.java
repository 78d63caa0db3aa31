package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** How many events ended in which way. */
record Totals(long stored, long duplicates, long filtered, long invalid, long failed) {
  static final Totals NONE = new Totals(0, 0, 0, 0, 0);

  /** One event with the status word of an ingester's answer. */
  static Totals ofStatus(String status) {
    return switch (status) {
      case "ingested" -> new Totals(1, 0, 0, 0, 0);
      case "duplicate" -> new Totals(0, 1, 0, 0, 0);
      case "filtered" -> new Totals(0, 0, 1, 0, 0);
      case "invalid" -> new Totals(0, 0, 0, 1, 0);
      default -> new Totals(0, 0, 0, 0, 1);
    };
  }

  static Totals allFailed(int events) {
    return new Totals(0, 0, 0, 0, events);
  }

  /** The sum of an answer's events. */
  static Totals of(JsonNode events) {
    Totals sum = NONE;
    for (JsonNode event : events) {
      sum = sum.plus(ofStatus(event.path("status").asText()));
    }
    return sum;
  }

  Totals plus(Totals other) {
    return new Totals(
        stored + other.stored,
        duplicates + other.duplicates,
        filtered + other.filtered,
        invalid + other.invalid,
        failed + other.failed);
  }

  long received() {
    return stored + duplicates + filtered + invalid + failed;
  }
}
