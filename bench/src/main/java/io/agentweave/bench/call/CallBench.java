package io.agentweave.bench.call;

import io.agentweave.bench.Context;
import io.agentweave.bench.Machine;
import io.agentweave.bench.Median;
import io.agentweave.bench.Profile;
import io.agentweave.bench.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** Measures variants round by round, so that whatever disturbs the machine disturbs them all. */
public final class CallBench implements AutoCloseable {
  static final int MANY = 64;
  private static final List<Variant> PROFILED = List.of(Variant.EMBEDDED, Variant.RAW_VIRTUAL);
  private static final List<Variant> SMOKED =
      List.of(Variant.RAW_VIRTUAL, Variant.EMBEDDED, Variant.OPA_UNIX, Variant.RUNG_METRICS);
  private static final List<Variant> OPEN =
      List.of(Variant.RAW_VIRTUAL, Variant.RAW_DEFAULT, Variant.EMBEDDED);

  private final Context context;
  private final Surroundings surroundings;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<CallRun> runs = new ArrayList<>();
  private final List<Double> spins = new ArrayList<>();

  private CallBench(Context context) throws IOException, InterruptedException {
    this.context = context;
    surroundings = new Surroundings(context.root(), context.folder(), context.opa());
  }

  /** Every variant under closed load, some of them at a fixed rate, and the ladder among them. */
  public static void run(Context context) throws IOException, InterruptedException {
    try (CallBench bench = new CallBench(context)) {
      bench.warmUp(
          Arrays.stream(Variant.values())
              .filter(variant -> !variant.asksOpa() || context.opa() != null)
              .filter(variant -> context.bySize(SMOKED.contains(variant), true, true))
              .toList());
      bench.closed(context.bySize(1, 3, 5));
      bench.open();
      bench.profile();
      bench.keep(
          bench.table(variant -> variant.kind() != Variant.Kind.RUNG),
          bench.table(Variant.ladder()::contains));
    }
  }

  private CallTable table(Predicate<Variant> wanted) {
    return new CallTable(
        runs.stream().filter(run -> wanted.test(Variant.of(run.variant()))).toList());
  }

  private void warmUp(List<Variant> variants) throws IOException {
    for (Variant variant : variants) {
      if (!context.variants().isEmpty() && !context.variants().contains(variant.word())) {
        continue;
      }
      context.progress().println("warming up: " + variant.title());
      Pair pair = Pair.start(variant, surroundings, context.folder());
      pairs.add(pair);
      long atMost =
          OPEN.contains(variant)
              ? context.bySize(500L, 30_000L, 75_000L)
              : context.bySize(500L, 20_000L, 45_000L);
      pair.warmUp(MANY, atMost);
      pair.warmUp(1, atMost / 10);
    }
  }

  /**
   * One caller, and many: each variant in turn, then again from another one on. A single part's
   * share is less than the noise of single callers, so that rungs are measured with many.
   */
  private void closed(int rounds) throws IOException {
    long millis = context.bySize(200L, 600L, 1000L);
    for (int round = 1; round <= rounds; round++) {
      context.progress().println("calls, round " + round + " of " + rounds);
      for (int callers : List.of(1, MANY)) {
        spins.add(Machine.spin());
        for (Pair pair : pairs) {
          if (callers == MANY || pair.variant().kind() != Variant.Kind.RUNG) {
            runs.add(pair.measure("closed", callers, millis, round));
          }
        }
      }
      Collections.rotate(pairs, 1);
    }
  }

  /**
   * At half the rate at which AgentWeave is saturated, the same rate for all: what a caller waits
   * when it does not wait for others.
   */
  private void open() throws IOException {
    double saturated =
        new CallTable(runs)
            .of(Variant.EMBEDDED.word(), "closed-" + MANY, CallRun::callsPerSecond)
            .middle();
    int rate = Math.max(10, (int) (saturated / 2));
    int rounds = context.bySize(1, 2, 3);
    long millis = context.bySize(300L, 2000L, 4000L);
    context.results().put("open_loop_calls_per_s", rate);
    for (int round = 1; round <= rounds; round++) {
      context.progress().println("calls at a fixed rate, round " + round + " of " + rounds);
      for (Pair pair : pairs) {
        if (OPEN.contains(pair.variant())) {
          runs.add(pair.measure("open", rate, millis, round));
        }
      }
      Collections.rotate(pairs, 1);
    }
  }

  private void profile() throws IOException {
    Path profiles = context.profiles();
    if (profiles == null) {
      return;
    }
    Files.createDirectories(profiles);
    for (Pair pair : pairs) {
      if (PROFILED.contains(pair.variant())) {
        context.progress().println("profile: " + pair.variant().title());
        for (Path recording : pair.profile(MANY, context.bySize(500L, 6000L, 10_000L), profiles)) {
          Files.writeString(
              Path.of(recording.toString().replace(".jfr", ".txt")), Profile.report(recording, 60));
        }
      }
    }
  }

  private void keep(CallTable calls, CallTable ladder) {
    Results results = context.results();
    results.raw("calls", runs);
    results.raw("calls_spins_ms", spins);
    results.text("Secured calls against raw gRPC\n" + calls.text());
    results.text("The cost of each part\n" + ladder.text());
    Median spin = Median.of(spins.stream().mapToDouble(Double::doubleValue).toArray());
    results.put("calls_spin_noise", spin.middle() / spin.low() - 1);
    CallNumbers.keep(calls, results);
    CallNumbers.keepLadder(ladder, results);
  }

  @Override
  public void close() {
    pairs.forEach(Pair::close);
    surroundings.close();
  }
}
