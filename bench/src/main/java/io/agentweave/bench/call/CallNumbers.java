package io.agentweave.bench.call;

import io.agentweave.bench.Results;
import java.util.function.ToDoubleFunction;

/** The numbers of {@code latest.json} that come from calls. */
final class CallNumbers {
  private static final String ONE = "closed-1";
  private static final String MANY = "closed-64";

  private CallNumbers() {}

  static void keep(CallTable table, Results results) {
    for (Variant variant : Variant.values()) {
      if (variant.kind() == Variant.Kind.RUNG) {
        continue;
      }
      String key = variant.word().replace('-', '_');
      put(table, results, variant, MANY, CallRun::callsPerSecond, key + "_calls_per_s");
      put(table, results, variant, ONE, CallRun::p50Micros, key + "_p50_us");
      put(table, results, variant, ONE, CallRun::p99Micros, key + "_p99_us");
      put(table, results, variant, MANY, CallRun::serverBytes, key + "_server_bytes_per_call");
      put(
          table,
          results,
          variant,
          MANY,
          run -> run.clientCpuMicros() + run.serverCpuMicros() + run.opaCpuMicros(),
          key + "_cpu_us_per_call");
    }
    ratio(
        table,
        results,
        "throughput_vs_raw_virtual_threads",
        MANY,
        CallRun::callsPerSecond,
        Variant.RAW_VIRTUAL);
    ratio(
        table,
        results,
        "throughput_vs_raw_default",
        MANY,
        CallRun::callsPerSecond,
        Variant.RAW_DEFAULT);
    ratio(
        table, results, "p50_vs_raw_virtual_threads", ONE, CallRun::p50Micros, Variant.RAW_VIRTUAL);
    ratio(table, results, "p50_vs_raw_default", ONE, CallRun::p50Micros, Variant.RAW_DEFAULT);
    ratio(
        table,
        results,
        "server_allocation_vs_raw",
        MANY,
        CallRun::serverBytes,
        Variant.RAW_VIRTUAL);
    String open = "open-" + openRate(table);
    ratio(
        table,
        results,
        "open_loop_p99_vs_raw_virtual_threads",
        open,
        CallRun::p99Micros,
        Variant.RAW_VIRTUAL);
    ratio(
        table,
        results,
        "open_loop_p99_vs_raw_default",
        open,
        CallRun::p99Micros,
        Variant.RAW_DEFAULT);
    put(table, results, Variant.EMBEDDED, open, CallRun::p99Micros, "open_loop_agentweave_p99_us");
    put(
        table,
        results,
        Variant.RAW_VIRTUAL,
        open,
        CallRun::p99Micros,
        "open_loop_raw_virtual_threads_p99_us");
    added(table, results, Variant.EMBEDDED, Variant.RAW_VIRTUAL, 1, "added_p50_us");
    added(table, results, Variant.OPA_UNIX, Variant.BESIDE_OPA, 1e3, "opa_unix_added_p50_ms");
    added(
        table,
        results,
        Variant.OPA_CONSTANT,
        Variant.BESIDE_OPA,
        1e3,
        "opa_unix_constant_added_p50_ms");
    added(table, results, Variant.OPA_HTTP, Variant.BESIDE_OPA, 1e3, "opa_http_added_p50_ms");
    results.put(
        "opa_unix_reused_p50_vs_embedded",
        table.ratio(Variant.OPA_REUSED.word(), Variant.BESIDE_OPA.word(), ONE, CallRun::p50Micros));
    results.put(
        "opa_unix_reused_throughput_vs_embedded",
        table.ratio(
            Variant.OPA_REUSED.word(), Variant.BESIDE_OPA.word(), MANY, CallRun::callsPerSecond));
  }

  private static void added(
      CallTable table, Results results, Variant variant, Variant to, double unit, String key) {
    results.put(key, table.difference(variant.word(), to.word(), ONE, CallRun::p50Micros).in(unit));
  }

  /** What each rung has more than the one before it. */
  static void keepLadder(CallTable table, Results results) {
    for (Variant variant : Variant.ladder()) {
      String key = "ladder_" + variant.word().replace('-', '_');
      put(table, results, variant, MANY, CallRun::callsPerSecond, key + "_calls_per_s");
      put(
          table,
          results,
          variant,
          MANY,
          run -> run.clientCpuMicros() + run.serverCpuMicros(),
          key + "_cpu_us_per_call");
      put(table, results, variant, MANY, CallRun::serverBytes, key + "_server_bytes_per_call");
    }
  }

  private static String openRate(CallTable table) {
    return table.loads().stream()
        .filter(load -> load.startsWith("open-"))
        .map(load -> load.substring("open-".length()))
        .findFirst()
        .orElse("none");
  }

  private static void ratio(
      CallTable table,
      Results results,
      String key,
      String load,
      ToDoubleFunction<CallRun> value,
      Variant raw) {
    results.put(key, table.ratio(Variant.EMBEDDED.word(), raw.word(), load, value));
  }

  private static void put(
      CallTable table,
      Results results,
      Variant variant,
      String load,
      ToDoubleFunction<CallRun> value,
      String key) {
    results.put(key, middle(table, variant, load, value));
  }

  private static double middle(
      CallTable table, Variant variant, String load, ToDoubleFunction<CallRun> value) {
    return table.of(variant.word(), load, value).middle();
  }
}
