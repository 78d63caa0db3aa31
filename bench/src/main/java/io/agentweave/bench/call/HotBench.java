package io.agentweave.bench.call;

import io.agentweave.authz.PolicyInputPiece;
import io.agentweave.bench.Context;
import io.agentweave.bench.MeasurementException;
import io.agentweave.bench.Results;
import io.agentweave.server.ChainPiece;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the pieces of the hot path under JMH. */
public final class HotBench {
  private HotBench() {}

  /** Measures, and keeps what was found. */
  public static void run(Context context) {
    context.progress().println("pieces of the hot path, by JMH");
    List<RunResult> all = new ArrayList<>();
    try {
      all.addAll(new Runner(options(context, 3, HotPieces.class, PolicyInputPiece.class)).run());
      // So much code takes longer to compile.
      all.addAll(new Runner(options(context, 9, ChainPiece.class)).run());
    } catch (RunnerException e) {
      throw new MeasurementException("JMH: " + e.getMessage(), e);
    }
    keep(all, context.results());
  }

  private static Options options(Context context, int warmUps, Class<?>... pieces) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(1)
            .jvmArgs(
                "-Xms256m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dagentweave.root=" + context.root())
            .warmupIterations(context.bySize(1, warmUps, warmUps))
            .warmupTime(TimeValue.milliseconds(context.bySize(50L, 400L, 400L)))
            .measurementIterations(context.bySize(1, 3, 3))
            .measurementTime(TimeValue.milliseconds(context.bySize(50L, 250L, 250L)))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT);
    for (Class<?> piece : pieces) {
      options.include(piece.getName());
    }
    return options.build();
  }

  private static void keep(Collection<RunResult> all, Results results) {
    List<Map<String, Object>> raw = new ArrayList<>();
    StringBuilder text = new StringBuilder("Pieces of the hot path (JMH, one thread)\n");
    for (RunResult run : all) {
      Result<?> time = run.getPrimaryResult();
      Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
      double bytes = allocated == null ? Double.NaN : allocated.getScore();
      String name = time.getLabel();
      results.put("hot_" + snake(name) + "_ns", time.getScore());
      results.put("hot_" + snake(name) + "_bytes", bytes);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("piece", name);
      one.put("ns", time.getScore());
      one.put("error_ns", Double.isNaN(time.getScoreError()) ? -1 : time.getScoreError());
      one.put("bytes", bytes);
      raw.add(one);
      text.append(
          String.format(Locale.ROOT, "%-24s %10.0f ns %8.0f B%n", name, time.getScore(), bytes));
    }
    results.raw("hot", raw);
    results.text(text.toString());
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
