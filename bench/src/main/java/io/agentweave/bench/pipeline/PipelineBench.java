package io.agentweave.bench.pipeline;

import io.agentweave.bench.Context;
import io.agentweave.bench.Machine;
import io.agentweave.bench.MeasurementException;
import io.agentweave.bench.Median;
import io.agentweave.bench.Profile;
import io.agentweave.bench.Results;
import io.agentweave.local.trace.Span;
import io.agentweave.local.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Sends real events through three agents into PostgreSQL, fsync on. */
public final class PipelineBench {
  private static final int IN_FLIGHT = 4;
  private static final int SINGLE_CALLERS = 64;

  /** One collection more shows in what is through in a quarter of a second. */
  private static final int TIMES = 3;

  private final Context context;
  private final Pipeline pipeline;
  private final List<PipelineRun> runs = new ArrayList<>();

  private PipelineBench(Context context, Pipeline pipeline) {
    this.context = context;
    this.pipeline = pipeline;
  }

  /** Measures, and keeps what was found. */
  public static void run(Context context) throws IOException, InterruptedException {
    try (Pipeline pipeline =
        Pipeline.start(context.root(), context.folder(), events(context.root()))) {
      new PipelineBench(context, pipeline).run();
    } catch (SQLException e) {
      throw new MeasurementException("the database can't be asked: " + e.getMessage(), e);
    }
  }

  /** The real events where they are, else the samples. */
  private static Path events(Path root) {
    Path real = root.resolveSibling("shared").resolve("data/web-events.ndjson.gz");
    return Files.exists(real) ? real : root.resolve("samples/events.ndjson");
  }

  private void run() throws IOException, InterruptedException, SQLException {
    send(
        "warm-up, single",
        "timed 1 " + SINGLE_CALLERS + " " + context.bySize(500L, 15_000L, 40_000L));
    List<PipelineRun> singles =
        repeated(
            "single calls",
            "timed 1 " + SINGLE_CALLERS + " " + context.bySize(300L, 2_000L, 3_000L));
    send(
        "warm-up, batches", "timed 1000 " + IN_FLIGHT + " " + context.bySize(500L, 5_000L, 8_000L));
    long few = context.bySize(500L, 10_000L, 10_000L);
    PipelineRun hundreds = send("batches of 100", "closed 100 " + 2 * IN_FLIGHT + " " + 2 * few);
    List<PipelineRun> small =
        repeated("batches of 1000, " + few, "closed 1000 " + IN_FLIGHT + " " + few);
    long many = context.bySize(1_000L, 50_000L, 100_000L);
    String what = "batches of 1000, " + many;
    String command = "closed 1000 " + IN_FLIGHT + " " + many;
    List<PipelineRun> large = repeated(what, command);
    Results results = context.results();
    if (context.million()) {
      PipelineRun huge = send("batches of 1000, 1000000", "closed 1000 " + IN_FLIGHT + " 1000000");
      // What the machine does meanwhile shows before and after it.
      large.add(send(what, command));
      results.put("pipeline_1e6_events_per_s", huge.eventsPerSecond());
      results.put(
          "pipeline_cost_per_event_1e6_vs_1e5",
          median(large, run -> huge.cpuMicrosPerEvent() / run.cpuMicrosPerEvent()));
    }
    results.put("pipeline_single_events_per_s", median(singles, PipelineRun::eventsPerSecond));
    results.put("pipeline_batch_100_events_per_s", hundreds.eventsPerSecond());
    Median rate = median(large, PipelineRun::eventsPerSecond);
    results.put("pipeline_events_per_s", rate);
    results.put("pipeline_mb_per_s", median(large, PipelineRun::megabytesPerSecond));
    Median cost = median(large, PipelineRun::cpuMicrosPerEvent);
    results.put(
        "pipeline_cost_per_event_1e5_vs_1e4",
        cost.in(median(small, PipelineRun::cpuMicrosPerEvent).middle()));
    int half = (int) (rate.middle() / 2);
    List<PipelineRun> paced =
        repeated(
            "batches of 100 at " + half + "/s",
            "paced 100 " + Math.max(100, half) + " " + context.bySize(300, 1500, 2000));
    results.put("event_to_row_p50_s", median(paced, PipelineRun::p50Millis).in(1e3));
    results.put("event_to_row_p99_s", median(paced, PipelineRun::p99Millis).in(1e3));
    stages();
    profile(many);
    memory();
    rows();
    results.raw("pipeline", runs);
    results.text(table());
  }

  private List<PipelineRun> repeated(String what, String command)
      throws IOException, InterruptedException, SQLException {
    List<PipelineRun> found = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      found.add(send(what, command));
    }
    return found;
  }

  private static Median median(List<PipelineRun> runs, ToDoubleFunction<PipelineRun> value) {
    return Median.of(runs.stream().mapToDouble(value).toArray());
  }

  private PipelineRun send(String what, String command)
      throws IOException, InterruptedException, SQLException {
    context.progress().println("pipeline: " + what);
    PipelineRun run = pipeline.send(what, command);
    runs.add(run);
    return run;
  }

  /** Nothing that was answered as stored may be missing. */
  private void rows() throws SQLException {
    long answered = runs.stream().mapToLong(PipelineRun::stored).sum();
    long rows = pipeline.rows();
    boolean unanswered = runs.stream().anyMatch(run -> run.failed() > 0);
    if (rows < answered || (rows > answered && !unanswered)) {
      throw new MeasurementException(
          "the database holds " + rows + " rows, but " + answered + " were acknowledged");
    }
    context.results().put("pipeline_rows", (double) rows);
  }

  private void memory() throws IOException {
    for (Map.Entry<String, Long> agent : pipeline.agents().entrySet()) {
      context
          .results()
          .put(agent.getKey() + "_loaded_mib", Machine.residentKib(agent.getValue()) / 1024.0);
    }
  }

  /** Where the time of a batch goes, from the agents' own spans. */
  private void stages() {
    Map<String, double[]> stages = new TreeMap<>();
    List<Trace> traces = pipeline.running().traces().search("store_batch", 50);
    for (Trace trace : traces) {
      for (Span span : trace.spans()) {
        double[] sum =
            stages.computeIfAbsent(span.service() + " " + span.name(), name -> new double[2]);
        sum[0]++;
        sum[1] += span.duration().toNanos() / 1e6;
      }
    }
    List<Map<String, Object>> raw = new ArrayList<>();
    StringBuilder text =
        new StringBuilder("Where the time of the last batches goes (spans; they overlap)\n");
    stages.forEach(
        (name, sum) -> {
          raw.add(Map.of("stage", name, "spans", sum[0], "mean_ms", sum[1] / sum[0]));
          text.append(
              String.format(
                  Locale.ROOT, "%-50s %6.0f x %8.2f ms%n", name, sum[0], sum[1] / sum[0]));
        });
    context.results().raw("pipeline_stages", raw);
    context.results().text(text.toString());
  }

  private void profile(long events) throws IOException, InterruptedException, SQLException {
    Path profiles = context.profiles();
    if (profiles == null) {
      return;
    }
    Files.createDirectories(profiles);
    Map<String, Long> agents = pipeline.agents();
    for (long pid : agents.values()) {
      jcmd(pid, "JFR.start", "name=bench", "settings=profile");
    }
    send("profiled", "closed 1000 " + IN_FLIGHT + " " + events);
    for (Map.Entry<String, Long> agent : agents.entrySet()) {
      Path recording = profiles.resolve("pipeline-" + agent.getKey() + ".jfr");
      jcmd(agent.getValue(), "JFR.dump", "name=bench", "filename=" + recording);
      Files.writeString(
          profiles.resolve("pipeline-" + agent.getKey() + ".txt"), Profile.report(recording, 60));
    }
  }

  private static void jcmd(long pid, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private String table() {
    StringBuilder text = new StringBuilder("The pipeline, to durable rows\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%-32s %9s %9s %7s %9s %7s %8s %8s %8s  %s%n",
            "what",
            "events",
            "stored",
            "failed",
            "events/s",
            "MB/s",
            "p50 ms",
            "p99 ms",
            "outbox s",
            "cpu us/event"));
    for (PipelineRun run : runs) {
      StringBuilder cpu = new StringBuilder();
      run.cpuMicros()
          .forEach(
              (name, micros) -> cpu.append(String.format(Locale.ROOT, "%s %.0f  ", name, micros)));
      text.append(
          String.format(
              Locale.ROOT,
              "%-32s %9d %9d %7d %9.0f %7.2f %8.1f %8.1f %8.1f  %s%n",
              run.what(),
              run.events(),
              run.stored(),
              run.failed(),
              run.eventsPerSecond(),
              run.megabytesPerSecond(),
              run.p50Millis(),
              run.p99Millis(),
              run.outboxSeconds(),
              cpu));
    }
    return text.toString();
  }
}
