package io.agentweave.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Writes what was measured into the page about it, between two marks. */
final class PerformancePage {
  private static final String BEGIN = "<!-- measured: bench/run writes from here -->\n";
  private static final String END = "<!-- measured: to here -->\n";

  private PerformancePage() {}

  /**
   * @throws MeasurementException when the page lacks the marks
   */
  static void write(Path docs, Results results, Map<String, Object> machine, Context.Size size)
      throws IOException {
    Path page = docs.resolve("performance.md");
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    if (from < 0 || to < from) {
      throw new MeasurementException(page + " has no place for the table");
    }
    String table =
        "![Calls a second and p50 by variant](performance.svg)\n\n"
            + table(results.numbers(), machine, size)
            + "\n```text\n"
            + results.texts()
            + "```\n";
    Files.writeString(page, text.substring(0, from + BEGIN.length()) + table + text.substring(to));
    Files.writeString(docs.resolve("performance.svg"), Picture.of(results.numbers()));
  }

  private static String table(
      Map<String, Object> numbers, Map<String, Object> machine, Context.Size size) {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "A %s run on %s processors (%s), %s, %s; load before it began: %s; the same arithmetic"
                + " took between its shortest time and %.0f %% more.%n%n",
            size.name().toLowerCase(Locale.ROOT),
            machine.get("processors"),
            machine.get("processor"),
            machine.get("memory"),
            machine.get("java"),
            numbers.get("load_before"),
            100 * ((Number) numbers.getOrDefault("calls_spin_noise", 0)).doubleValue()));
    return table.append(Target.table(numbers)).toString();
  }
}
