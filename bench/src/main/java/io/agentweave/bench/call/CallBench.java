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
import java.util.Collections;
import java.util.List;

/**
 * Measures variants round by round, so that whatever disturbs the machine disturbs them all. Raw
 * gRPC and the secured agents go through every stage beside the others.
 */
public final class CallBench implements AutoCloseable {
  static final int MANY = 64;
  private static final List<Variant> PROFILED = List.of(Variant.EMBEDDED, Variant.RAW_VIRTUAL);
  private static final List<Variant> SMOKED =
      List.of(
          Variant.RAW_VIRTUAL,
          Variant.EMBEDDED,
          Variant.OPA_UNIX,
          Variant.BESIDE_OPA,
          Variant.RUNG_METRICS);

  /**
   * Variants by the processes that they share, the first of each the one that warms them up. These
   * are the ones that all others are held against.
   */
  private static final List<List<Variant>> MAIN =
      List.of(
          List.of(Variant.RAW_VIRTUAL), List.of(Variant.RAW_DEFAULT), List.of(Variant.EMBEDDED));

  private static final List<Variant> REFERENCES = List.of(Variant.RAW_VIRTUAL, Variant.EMBEDDED);

  private static final List<List<Variant>> OTHERS =
      List.of(
          List.of(Variant.RAW_PLAINTEXT, Variant.RAW_DIRECT),
          List.of(Variant.RAW_A2A),
          List.of(
              Variant.OPA_UNIX,
              Variant.BESIDE_OPA,
              Variant.OPA_REUSED,
              Variant.OPA_CONSTANT,
              Variant.OPA_HTTP,
              Variant.EVERY_SPAN));

  private static final List<List<Variant>> RUNGS =
      List.of(
          List.of(
              Variant.RUNG_METRICS,
              Variant.RUNG_AUDIT,
              Variant.RUNG_POLICY,
              Variant.RUNG_BINDING,
              Variant.RUNG_CHAIN));

  private final Context context;
  private final Surroundings surroundings;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<CallRun> runs = new ArrayList<>();
  private final List<Double> spins = new ArrayList<>();
  private int round;

  private CallBench(Context context) throws IOException, InterruptedException {
    this.context = context;
    surroundings = new Surroundings(context.root(), context.folder(), context.opa());
  }

  /** Every variant under closed load, some of them at a fixed rate, and the ladder. */
  public static void run(Context context) throws IOException, InterruptedException {
    try (CallBench bench = new CallBench(context)) {
      bench.start(MAIN, context.bySize(500L, 30_000L, 36_000L));
      bench.closed(context.bySize(1, 3, 8), List.of(1, MANY), context.bySize(200L, 500L, 500L));
      bench.open();
      bench.profile();
      bench.endAllBut(REFERENCES);
      bench.start(OTHERS, context.bySize(500L, 15_000L, 21_000L));
      bench.closed(context.bySize(1, 2, 3), List.of(1, MANY), context.bySize(200L, 400L, 400L));
      bench.endAllBut(REFERENCES);
      int before = bench.runs.size();
      bench.start(RUNGS, context.bySize(500L, 12_000L, 12_000L));
      bench.closed(context.bySize(1, 2, 3), List.of(MANY), context.bySize(200L, 500L, 500L));
      bench.keep(
          new CallTable(
              bench.runs.stream()
                  .filter(run -> Variant.of(run.variant()).kind() != Variant.Kind.RUNG)
                  .toList()),
          new CallTable(
              bench.runs.subList(before, bench.runs.size()).stream()
                  .filter(run -> Variant.ladder().contains(Variant.of(run.variant())))
                  .toList()));
    }
  }

  /** Starts all processes beside each other, then warms them up one pair after the other. */
  private void start(List<List<Variant>> shared, long warmUpMillis) throws IOException {
    List<List<Variant>> some =
        shared.stream()
            .map(all -> all.stream().filter(this::wanted).toList())
            .filter(variants -> !variants.isEmpty())
            .toList();
    List<Pair> started = Pair.start(some, surroundings, context.folder());
    pairs.addAll(started);
    for (Pair pair : started) {
      context.progress().println("warming up: " + titles(pair.variants()));
      long atMost = pair.variants().getFirst().raw() ? warmUpMillis * 5 / 9 : warmUpMillis;
      pair.warmUp(MANY, atMost);
      pair.warmUp(1, atMost / 10);
    }
  }

  private boolean wanted(Variant variant) {
    return (!variant.asksOpa() || context.opa() != null)
        && context.bySize(SMOKED.contains(variant), true, true)
        && (context.variants().isEmpty() || context.variants().contains(variant.word()));
  }

  private static String titles(List<Variant> variants) {
    return String.join("; ", variants.stream().map(Variant::title).toList());
  }

  /** What has been measured makes room for what comes next. */
  private void endAllBut(List<Variant> kept) {
    for (Pair pair : List.copyOf(pairs)) {
      if (!kept.containsAll(pair.variants())) {
        pair.close();
        pairs.remove(pair);
      }
    }
  }

  /** Each variant in turn under each load, then again from another one on. */
  private void closed(int rounds, List<Integer> loads, long millis) throws IOException {
    for (int i = 1; i <= rounds; i++) {
      round++;
      context.progress().println("calls, round " + i + " of " + rounds);
      for (int callers : loads) {
        spins.add(Machine.spin());
        for (Pair pair : pairs) {
          for (Variant variant : pair.variants()) {
            runs.add(pair.measure(variant, "closed", callers, millis, round));
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
    int rounds = context.bySize(1, 3, 8);
    long millis = context.bySize(300L, 1000L, 1000L);
    context.results().put("open_loop_calls_per_s", rate);
    for (int i = 1; i <= rounds; i++) {
      round++;
      context.progress().println("calls at a fixed rate, round " + i + " of " + rounds);
      for (Pair pair : pairs) {
        for (Variant variant : pair.variants()) {
          runs.add(pair.measure(variant, "open", rate, millis, round));
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
    long millis = context.bySize(500L, 6000L, 10_000L);
    for (Pair pair : pairs) {
      for (Variant variant : pair.variants()) {
        if (PROFILED.contains(variant)) {
          context.progress().println("profile: " + variant.title());
          for (Path recording : pair.profile(variant, MANY, millis, profiles)) {
            Files.writeString(
                Path.of(recording.toString().replace(".jfr", ".txt")),
                Profile.report(recording, 60));
          }
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
