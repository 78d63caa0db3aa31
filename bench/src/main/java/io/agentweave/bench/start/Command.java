package io.agentweave.bench.start;

import io.agentweave.bench.MeasurementException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command {@code agentweave}, as somebody at a terminal runs it. */
final class Command {
  private final Path root;
  private final Path home;
  private final Map<String, String> environment;

  /**
   * @param root the checkout
   * @param home the state folder of the mesh
   */
  Command(Path root, Path home) {
    this(root, home, Map.of("AGENTWEAVE_HOME", home.toString()));
  }

  private Command(Path root, Path home, Map<String, String> environment) {
    this.root = root;
    this.home = home;
    this.environment = environment;
  }

  /** The same with one variable more in its environment. */
  Command with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Command(root, home, more);
  }

  /** What it printed, and how long it took. */
  record Ended(String output, double seconds) {}

  /**
   * Runs it to its end.
   *
   * @throws MeasurementException when it fails, or had to build first
   */
  Ended run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("agentweave").toString());
    command.addAll(List.of(words));
    Path errors = home.resolveSibling("command.err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    long begin = System.nanoTime();
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    double seconds = (System.nanoTime() - begin) / 1e9;
    String said = Files.readString(errors);
    if (exit != 0) {
      throw new MeasurementException(
          "agentweave " + String.join(" ", words) + " ended with " + exit + ": " + said.strip());
    }
    if (said.contains("agentweave: building")) {
      throw new MeasurementException(
          "a source has changed since bench/run began, and agentweave built the checkout anew;"
              + " leave it alone while it is measured");
    }
    return new Ended(output, seconds);
  }
}
