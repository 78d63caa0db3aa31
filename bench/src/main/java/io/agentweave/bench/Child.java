package io.agentweave.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Java process of this measurement that obeys commands line by line. Not safe for use by several
 * threads at once.
 */
public final class Child implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Path log;
  private final BufferedReader answers;
  private final Writer commands;
  private @Nullable JsonNode ready;

  private Child(String name, Process process, Path log) throws IOException {
    this.name = name;
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts the process with this process's own class path. It need not be ready yet.
   *
   * @param log where its standard error goes
   * @param started runs as soon as there is a process
   */
  public static Child start(
      String name,
      List<String> jvm,
      Class<?> main,
      List<String> arguments,
      Path log,
      Consumer<ProcessHandle> started)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djdk.tls.server.newSessionTicketCount=0",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    started.accept(process.toHandle());
    return new Child(name, process, log);
  }

  /** Waits until it is ready; what it said then. */
  public JsonNode ready() throws IOException {
    JsonNode said = ready;
    if (said == null) {
      said = answer();
      ready = said;
    }
    return said;
  }

  public long pid() {
    return process.pid();
  }

  /** Gives one command, once it is ready, and waits for the answer. */
  public JsonNode ask(String command) throws IOException {
    ready();
    commands.write(command + "\n");
    commands.flush();
    return answer();
  }

  /** Memory that the process has of its own and shared, in KiB. */
  public long residentKib() throws IOException {
    return Machine.residentKib(process.pid());
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new MeasurementException(
          name + " ended before its answer; the last it said:\n" + lastWords());
    }
    return switch (Json.read(line.getBytes(StandardCharsets.UTF_8))) {
      case JsonReading.Parsed(JsonNode tree) -> tree;
      case JsonReading.Refused refused ->
          throw new MeasurementException(name + " answered what is no JSON: " + refused);
    };
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  @Override
  public void close() {
    try {
      commands.write("quit\n");
      commands.close();
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException gone) {
      // It has ended by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
