package io.agentweave.bench.call;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.agentweave.validation.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One side of some variants, in a process of its own. It is told what to do line by line on
 * standard input, and answers each line with one JSON object on standard output.
 *
 * <p>{@code Worker server FOLDER VARIANT...} and {@code Worker client FOLDER VARIANT=PORT...}.
 */
public final class Worker {
  private final Map<Variant, Caller> callers;
  private @Nullable Recording recording;

  private Worker(Map<Variant, Caller> callers) {
    this.callers = callers;
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    Path folder = Path.of(args[1]);
    List<String> wanted = List.of(args).subList(2, args.length);
    if (args[0].equals("server")) {
      out.println(Json.writeText(serve(wanted, folder)));
      new Worker(Map.of()).obey(out);
    } else {
      Map<Variant, Caller> callers = callers(wanted, folder);
      out.println(Json.writeText(Map.of("callers", callers.size())));
      new Worker(callers).obey(out);
    }
    // What serves and calls ends with the process.
    System.exit(0);
  }

  /** Their ports by name. */
  private static Map<String, Integer> serve(List<String> variants, Path folder) throws Exception {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (String word : variants) {
      ports.put(word, serve(Variant.of(word), folder).port());
    }
    return ports;
  }

  private static Server serve(Variant variant, Path folder) throws Exception {
    Path configuration = folder.resolve(variant.word() + "-server.yaml");
    return switch (variant.kind()) {
      case RAW -> RawGrpc.serve(variant, pem(folder));
      case SECURED, WITH_OPA -> Secured.serve(configuration);
      case RUNG -> Rung.serve(variant, configuration);
    };
  }

  private static Map<Variant, Caller> callers(List<String> variantsAndPorts, Path folder)
      throws IOException, InterruptedException {
    Map<Variant, Caller> callers = new EnumMap<>(Variant.class);
    for (String variantAndPort : variantsAndPorts) {
      int sign = variantAndPort.indexOf('=');
      Variant variant = Variant.of(variantAndPort.substring(0, sign));
      Caller caller = caller(variant, folder, Integer.parseInt(variantAndPort.substring(sign + 1)));
      firstCall(caller);
      callers.put(variant, caller);
    }
    return callers;
  }

  private static Caller caller(Variant variant, Path folder, int port) throws IOException {
    Path configuration = folder.resolve(variant.word() + "-client.yaml");
    return switch (variant.kind()) {
      case RAW -> RawGrpc.caller(variant, pem(folder), port);
      case SECURED, WITH_OPA -> Secured.caller(configuration);
      case RUNG -> Rung.caller(variant, configuration);
    };
  }

  private static RawGrpc.PemFolder pem(Path folder) {
    return new RawGrpc.PemFolder(folder.resolve("pem"));
  }

  /** On a busy machine a first connection may take longer than a call may. */
  private static void firstCall(Caller caller) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        caller.call();
        return;
      } catch (RuntimeException e) {
        if (attempt == 5) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  private void obey(PrintStream out) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
      out.println(Json.writeText(answer(line.split(" ", -1))));
    }
  }

  private Map<String, Object> answer(String[] words) throws Exception {
    return switch (words[0]) {
      case "usage" -> usage();
      case "closed" -> load(words, true);
      case "open" -> load(words, false);
      case "record" -> record();
      case "dump" -> dump(Path.of(words[1]));
      default -> throw new IllegalArgumentException("not a command: " + words[0]);
    };
  }

  /** What the process has used since it began. */
  private static Map<String, Object> usage() {
    long collecting = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collecting += collector.getCollectionTime();
    }
    return Map.of(
        "cpu_ns",
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime(),
        "allocated_bytes",
        ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes(),
        "gc_ms",
        collecting,
        "compiling_ms",
        ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
  }

  private Map<String, Object> load(String[] words, boolean closed) throws InterruptedException {
    Caller caller = callers.get(Variant.of(words[1]));
    if (caller == null) {
      throw new IllegalArgumentException("nobody here calls " + words[1]);
    }
    int number = Integer.parseInt(words[2]);
    long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[3]));
    ClosedLoop.Result result =
        closed ? ClosedLoop.run(caller, number, nanos) : OpenLoop.run(caller, number, nanos);
    Histogram histogram = result.nanos();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("calls", histogram.getTotalCount());
    said.put("failed", result.failed());
    said.put("first_failure", String.valueOf(result.firstFailure()));
    said.put("seconds", result.elapsedNanos() / 1e9);
    said.put("mean_us", histogram.getMean() / 1e3);
    said.put("p50_us", histogram.getValueAtPercentile(50) / 1e3);
    said.put("p90_us", histogram.getValueAtPercentile(90) / 1e3);
    said.put("p99_us", histogram.getValueAtPercentile(99) / 1e3);
    said.put("p999_us", histogram.getValueAtPercentile(99.9) / 1e3);
    said.put("max_us", histogram.getMaxValue() / 1e3);
    return said;
  }

  private Map<String, Object> record() throws IOException, ParseException {
    Recording started = new Recording(Configuration.getConfiguration("profile"));
    started.enable("jdk.CPUTimeSample").with("throttle", "2ms");
    started.disable("jdk.ExecutionSample");
    // Sampled allocation gives each thread's first sample the weight of all before it; these don't.
    started.disable("jdk.ObjectAllocationSample");
    started.enable("jdk.ObjectAllocationInNewTLAB").withStackTrace();
    started.enable("jdk.ObjectAllocationOutsideTLAB").withStackTrace();
    started.start();
    recording = started;
    return Map.of("recording", true);
  }

  private Map<String, Object> dump(Path file) throws IOException {
    Recording running = recording;
    if (running != null) {
      running.dump(file);
      running.close();
      recording = null;
    }
    return Map.of("file", file.toString());
  }
}
