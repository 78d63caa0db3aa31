package io.agentweave.bench.call;

import io.agentweave.bench.Median;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/** The runs of all rounds, put together. */
public final class CallTable {
  private final List<CallRun> runs;

  public CallTable(List<CallRun> runs) {
    this.runs = List.copyOf(runs);
  }

  /** The loads that there are. */
  List<String> loads() {
    return runs.stream().map(CallRun::load).distinct().toList();
  }

  /** The median of {@code value} over the rounds, with the lowest and the highest. */
  public Median of(String variant, String load, ToDoubleFunction<CallRun> value) {
    return Median.of(
        runs.stream()
            .filter(run -> run.variant().equals(variant) && run.load().equals(load))
            .mapToDouble(value)
            .toArray());
  }

  /** One variant against another, round by round: what disturbed a round disturbed both of them. */
  public Median ratio(String variant, String other, String load, ToDoubleFunction<CallRun> value) {
    return paired(variant, other, load, value, (one, two) -> one / two);
  }

  /** What one variant has more than another, round by round. */
  Median difference(String variant, String other, String load, ToDoubleFunction<CallRun> value) {
    return paired(variant, other, load, value, (one, two) -> one - two);
  }

  private Median paired(
      String variant,
      String other,
      String load,
      ToDoubleFunction<CallRun> value,
      DoubleBinaryOperator compare) {
    return Median.of(
        runs.stream()
            .filter(run -> run.variant().equals(variant) && run.load().equals(load))
            .mapToDouble(
                run ->
                    compare.applyAsDouble(
                        value.applyAsDouble(run), of(other, load, run.round(), value)))
            .filter(compared -> !Double.isNaN(compared))
            .toArray());
  }

  private double of(String variant, String load, int round, ToDoubleFunction<CallRun> value) {
    return runs.stream()
        .filter(run -> run.variant().equals(variant) && run.load().equals(load))
        .filter(run -> run.round() == round)
        .mapToDouble(value)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Lines for a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    Map<String, Boolean> seen = new LinkedHashMap<>();
    for (CallRun run : runs) {
      if (seen.put(run.variant() + " " + run.load(), true) == null) {
        row(text, run.variant(), run.load());
      }
    }
    return text.toString().lines().sorted().reduce(header(), (all, line) -> all + "\n" + line);
  }

  private static String header() {
    return String.format(
        Locale.ROOT,
        "%-10s %-28s %9s %17s %8s %8s %8s %8s %8s %8s %8s %8s %8s %s",
        "load",
        "variant",
        "calls/s",
        "(low-high)",
        "p50 us",
        "p90",
        "p99",
        "cpu-c us",
        "cpu-s us",
        "cpu-opa",
        "B/call-c",
        "B/call-s",
        "MiB c/s",
        "failed");
  }

  private void row(StringBuilder text, String variant, String load) {
    Median calls = of(variant, load, CallRun::callsPerSecond);
    text.append(
        String.format(
            Locale.ROOT,
            "%-10s %-28s %9.0f %17s %8.0f %8.0f %8.0f %8.1f %8.1f %8.1f %8.0f %8.0f %4.0f/%.0f"
                + " %.0f%n",
            load,
            variant,
            calls.middle(),
            String.format(Locale.ROOT, "(%.0f-%.0f)", calls.low(), calls.high()),
            of(variant, load, CallRun::p50Micros).middle(),
            of(variant, load, CallRun::p90Micros).middle(),
            of(variant, load, CallRun::p99Micros).middle(),
            of(variant, load, CallRun::clientCpuMicros).middle(),
            of(variant, load, CallRun::serverCpuMicros).middle(),
            of(variant, load, CallRun::opaCpuMicros).middle(),
            of(variant, load, CallRun::clientBytes).middle(),
            of(variant, load, CallRun::serverBytes).middle(),
            of(variant, load, CallRun::clientRssKib).middle() / 1024,
            of(variant, load, CallRun::serverRssKib).middle() / 1024,
            of(variant, load, CallRun::failed).high()));
  }
}
