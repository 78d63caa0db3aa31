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

/**
 * Measures all variants round by round, so that whatever disturbs the machine disturbs them all.
 */
public final class CallBench implements AutoCloseable {
  static final int MANY = 64;
  private static final long WARM_UP_MILLIS = 30_000;
  private static final List<Variant> PROFILED = List.of(Variant.EMBEDDED, Variant.RAW_VIRTUAL);

  private static final List<Variant> SMOKED =
      List.of(Variant.RAW_VIRTUAL, Variant.EMBEDDED, Variant.OPA_UNIX);

  private final Context context;
  private final Surroundings surroundings;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<CallRun> runs = new ArrayList<>();
  private final List<Double> spins = new ArrayList<>();

  private CallBench(Context context) throws IOException, InterruptedException {
    this.context = context;
    surroundings = new Surroundings(context.root(), context.folder(), context.opa());
  }

  /** Measures, and keeps what was found. */
  public static void run(Context context) throws IOException, InterruptedException {
    try (CallBench bench = new CallBench(context)) {
      List<Variant> variants =
          Arrays.stream(Variant.values())
              .filter(variant -> !variant.asksOpa() || context.opa() != null)
              .filter(variant -> context.bySize(SMOKED.contains(variant), true, true))
              .toList();
      bench.warmUp(variants);
      bench.closed();
      bench.profile();
      bench.report();
    }
  }

  private void warmUp(List<Variant> variants) throws IOException {
    long calls = context.bySize(500L, 30_000L, 60_000L);
    for (Variant variant : variants) {
      context.progress().println("warming up: " + variant.title());
      Pair pair = Pair.start(variant, surroundings, context.folder());
      pairs.add(pair);
      pair.warmUp(MANY, calls, WARM_UP_MILLIS);
      pair.warmUp(1, calls / 20, WARM_UP_MILLIS / 4);
    }
  }

  /** One caller, and many: each variant in turn, then again from another one on. */
  private void closed() throws IOException {
    int rounds = context.bySize(1, 3, 5);
    long millis = context.bySize(200L, 600L, 1500L);
    for (int round = 1; round <= rounds; round++) {
      context.progress().println("calls, round " + round + " of " + rounds);
      for (int callers : List.of(1, MANY)) {
        spins.add(Machine.spin());
        for (Pair pair : pairs) {
          runs.add(pair.measure("closed", callers, millis, round));
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

  private void report() {
    CallTable table = new CallTable(runs);
    Results results = context.results();
    results.raw("calls", runs);
    results.raw("call_spins_ms", spins);
    results.text(table.text());
    CallNumbers.keep(table, results);
    Median spin = Median.of(spins.stream().mapToDouble(Double::doubleValue).toArray());
    results.put("call_spin_noise", spin.middle() / spin.low() - 1);
  }

  @Override
  public void close() {
    pairs.forEach(Pair::close);
    surroundings.close();
  }
}
