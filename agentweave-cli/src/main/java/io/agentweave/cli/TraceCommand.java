package io.agentweave.cli;

import io.agentweave.local.trace.Trace;
import io.agentweave.local.trace.TraceFiles;
import io.agentweave.validation.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "trace",
    description = {
      "Draws what happened to a call, across all agents of the local mesh.",
      "ID is a trace id, or a request, decision, task or event id that the trace holds."
    },
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  private static final int MOST_TRACES = 5;

  private final Console console;

  @Parameters(paramLabel = "ID")
  private String id = "";

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "json|text",
      description = "json prints one trace a line")
  private OutputFormat output = OutputFormat.TEXT;

  TraceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TraceFiles files = Meshes.running().traces();
    List<Trace> traces =
        files.find(id).map(List::of).orElseGet(() -> files.search(id, MOST_TRACES));
    if (traces.isEmpty()) {
      throw new Failure(ExitCode.FAILED, "no trace of the local mesh holds " + id);
    }
    TraceTree tree = new TraceTree(console);
    for (Trace trace : traces) {
      switch (output) {
        case JSON -> console.out(new String(Json.write(trace), StandardCharsets.UTF_8));
        case TEXT -> tree.draw(trace);
      }
    }
    return ExitCode.DONE.number();
  }
}
