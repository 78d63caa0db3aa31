package io.agentweave.bench;

import io.agentweave.local.process.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench/run}. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures this checkout on this machine: secured calls against raw gRPC, the pipeline, start"
          + " and memory.",
      "A full run takes some eight minutes and writes bench/results and docs/performance.md;"
          + " any other one writes bench/target/results and nothing else."
    })
public final class Main implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "only these parts: ${COMPLETION-CANDIDATES}")
  private @Nullable List<Section> only;

  @Option(
      names = "--variants",
      split = ",",
      paramLabel = "VARIANT",
      description = "of CALL only these variants, as the tables name them")
  private List<String> variants = List.of();

  @Option(names = "--quick", description = "shorter: a first impression")
  private boolean quick;

  @Option(names = "--smoke", description = "very short: whether everything works")
  private boolean smoke;

  @Option(
      names = "--publish",
      description =
          "write bench/results and docs/performance.md though it is no full run; the page says so")
  private boolean publish;

  @Option(names = "--profile", description = "also profile, into bench/target/profiles")
  private boolean profile;

  @Option(names = "--million", description = "also send a million events through the pipeline")
  private boolean million;

  private Main() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (failure, line, parsed) -> {
                  if (failure instanceof MeasurementException) {
                    System.err.println("bench: " + failure.getMessage());
                  } else {
                    failure.printStackTrace();
                  }
                  return FAILED;
                })
            .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick && smoke) {
      System.err.println("bench: --quick or --smoke, not both");
      return USAGE;
    }
    Path root = Path.of(System.getProperty("agentweave.root", ".")).toAbsolutePath();
    Set<Section> sections = only == null ? EnumSet.allOf(Section.class) : EnumSet.copyOf(only);
    Context.Size size = smoke ? Context.Size.SMOKE : quick ? Context.Size.QUICK : Context.Size.FULL;
    if (publish && !variants.isEmpty()) {
      System.err.println("bench: --publish takes all variants");
      return USAGE;
    }
    boolean whole = publish || (only == null && variants.isEmpty() && size == Context.Size.FULL);
    String opa = System.getenv("OPA");
    Results results = new Results();
    noise(results);
    Path folder = Files.createTempDirectory("aw-bench-");
    boolean complete = false;
    try {
      for (Section section : sections) {
        long begin = System.nanoTime();
        section.run(
            new Context(
                root,
                Files.createDirectories(folder.resolve(section.word())),
                opa == null || opa.isEmpty() ? null : Path.of(opa),
                size,
                million,
                Set.copyOf(variants),
                profile ? root.resolve("bench/target/profiles") : null,
                System.err,
                results));
        results.put(section.word() + "_section_s", (System.nanoTime() - begin) / 1e9);
        // What was found so far outlives what comes next.
        results.write(root.resolve("bench/target/results"));
      }
      complete = true;
    } finally {
      if (complete) {
        PrivateFiles.deleteAll(folder);
      } else {
        System.err.println("bench: not complete; the logs are in " + folder);
      }
    }
    Path written = root.resolve(whole ? "bench/results" : "bench/target/results");
    if (whole) {
      results.write(written);
      PerformancePage.write(root.resolve("docs"), results, Machine.facts(), size);
    }
    System.out.println(results.texts());
    System.out.println(Target.table(results.numbers()));
    System.out.println("Written to " + root.relativize(written));
    return DONE;
  }

  /** Looks at the machine before anything is measured on it, and says so when it is not quiet. */
  private static void noise(Results results) {
    double[] spins = new double[10];
    for (int i = 0; i < spins.length; i++) {
      spins[i] = Machine.spin();
    }
    Median spin = Median.of(spins);
    results.raw("machine", Machine.facts());
    results.put("load_before", Machine.load());
    results.put("spin_ms", spin.low());
    results.put("spin_noise", spin.middle() / spin.low() - 1);
    int processors = Runtime.getRuntime().availableProcessors();
    if (Machine.load() > processors / 2.0 || spin.middle() > 1.1 * spin.low()) {
      System.err.printf(
          Locale.ROOT,
          "bench: the machine is not quiet (load %.1f on %d processors, the same work takes up to"
              + " %.1f times as long): trust ratios more than absolute numbers%n",
          Machine.load(),
          processors,
          spin.high() / spin.low());
    }
  }
}
