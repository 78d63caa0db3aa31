package io.agentweave.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is aimed at, and by which number it is judged.
 *
 * @param what for people
 * @param key of {@code latest.json}
 * @param least whether the limit is a lower one
 */
record Target(String what, String key, boolean least, double limit, String unit) {

  /** All of them, in the order in which they are shown. */
  static List<Target> all() {
    return List.of(
        atLeast(
            "64 callers: throughput against raw mutual TLS on virtual threads",
            "throughput_vs_raw_virtual_threads",
            0.75,
            "×"),
        atLeast(
            "64 callers: throughput against raw mutual TLS, default executor",
            "throughput_vs_raw_default",
            1.2,
            "×"),
        atMost(
            "1 caller: p50 against raw mutual TLS on virtual threads",
            "p50_vs_raw_virtual_threads",
            1.3,
            "×"),
        atMost(
            "1 caller: p50 against raw mutual TLS, default executor",
            "p50_vs_raw_default",
            1.6,
            "×"),
        atMost(
            "1 caller: p50 added to raw mutual TLS on virtual threads", "added_p50_us", 65, "µs"),
        atMost(
            "fixed rate, half of saturation: p99 against raw",
            "open_loop_p99_vs_raw_virtual_threads",
            1.5,
            "×"),
        atMost(
            "OPA over a Unix socket: p50 added, two decisions", "opa_unix_added_p50_ms", 0.6, "ms"),
        atMost(
            "the same with permits reused: p50 against the embedded engine",
            "opa_unix_reused_p50_vs_embedded",
            1.1,
            "×"),
        atMost(
            "allocation for each call at the server, against raw",
            "server_allocation_vs_raw",
            2,
            "×"),
        atLeast("pipeline in batches, to durable rows", "pipeline_mb_per_s", 11.6, "MB/s"),
        atMost("the same: event to row, p99", "event_to_row_p99_s", 1, "s"),
        atMost(
            "the same: processor time of an event among 10⁵ against 10⁴",
            "pipeline_cost_per_event_1e5_vs_1e4",
            1.1,
            "×"),
        atMost(
            "the same: processor time of an event among 10⁶ against 10⁵",
            "pipeline_cost_per_event_1e6_vs_1e5",
            1.1,
            "×"),
        atLeast(
            "pipeline, single calls, 64 callers", "pipeline_single_events_per_s", 2500, "events/s"),
        atMost("one agent: start to ready", "agent_ready_s", 1, "s"),
        atMost("one agent: resident, idle", "agent_idle_mib", 200, "MiB"),
        atMost("the local mesh: up", "mesh_up_s", 6, "s"),
        atMost("agentweave call", "cli_call_s", 1, "s"));
  }

  /** A Markdown table of those that were measured; empty when none was. */
  static String table(Map<String, Object> numbers) {
    String rows =
        all().stream()
            .map(target -> target.row(numbers))
            .filter(Objects::nonNull)
            .map(row -> row + "\n")
            .collect(Collectors.joining());
    return rows.isEmpty() ? "" : "| what | target | found | met |\n|---|---|---|---|\n" + rows;
  }

  private static Target atLeast(String what, String key, double limit, String unit) {
    return new Target(what, key, true, limit, unit);
  }

  private static Target atMost(String what, String key, double limit, String unit) {
    return new Target(what, key, false, limit, unit);
  }

  /** A row of a Markdown table; null when it was not measured. */
  @Nullable String row(Map<String, Object> numbers) {
    if (!(numbers.get(key) instanceof Number found)) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "| %s | %s %s %s | %s %s%s | %s |",
        what,
        least ? "≥" : "≤",
        number(limit),
        unit,
        number(found.doubleValue()),
        unit,
        spread(numbers),
        verdict(numbers));
  }

  /**
   * Whether {@code numbers}, among which it has to be, meet it: {@code undecided} where rounds lie
   * on both sides of the limit, since another run may well find the other.
   */
  String verdict(Map<String, Object> numbers) {
    Object found = numbers.get(key);
    boolean low = meets(numbers.getOrDefault(key + Results.LOW, found));
    boolean high = meets(numbers.getOrDefault(key + Results.HIGH, found));
    return low != high ? "undecided" : low ? "yes" : "no";
  }

  private boolean meets(Object value) {
    double number = ((Number) value).doubleValue();
    return least ? number >= limit : number <= limit;
  }

  private String spread(Map<String, Object> numbers) {
    return numbers.get(key + Results.LOW) instanceof Number low
            && numbers.get(key + Results.HIGH) instanceof Number high
        ? " (" + number(low.doubleValue()) + " to " + number(high.doubleValue()) + ")"
        : "";
  }

  private static String number(double value) {
    return Math.abs(value) >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
