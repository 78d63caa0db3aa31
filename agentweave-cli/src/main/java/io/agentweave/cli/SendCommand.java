package io.agentweave.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "send",
    description = {
      "Sends events through the pipeline of the mesh that is there, in batches, and says what"
          + " became",
      "of them. What fails is sent again for half a minute. Exit code 0 when none failed."
    },
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "one JSON event a line, plain or gzip")
  private Path events = Path.of("");

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "json|text",
      description = "json prints one object with the totals")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(names = "--config", paramLabel = "FILE", description = "which mesh to talk to")
  private @Nullable Path config;

  SendCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<EventLine> lines;
    try {
      lines = EventFile.lines(events);
    } catch (EventFile.Unreadable e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
    try (Session session = Session.open(Optional.ofNullable(config))) {
      long begun = System.nanoTime();
      EventSender.Sent sent = session.sender(CallOptions.target("ingester"), console).send(lines);
      double seconds = (System.nanoTime() - begun) / 1e9;
      sent.reasons().forEach(console::fail);
      console.out(
          switch (output) {
            case JSON -> json(sent.totals(), seconds);
            case TEXT -> text(sent.totals(), seconds);
          });
      return (sent.totals().failed() == 0 ? ExitCode.DONE : ExitCode.FAILED).number();
    }
  }

  private static String json(Totals totals, double seconds) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("received", totals.received());
    json.put("stored", totals.stored());
    json.put("duplicates", totals.duplicates());
    json.put("filtered", totals.filtered());
    json.put("invalid", totals.invalid());
    json.put("failed", totals.failed());
    json.put("seconds", Math.round(seconds * 1000) / 1000.0);
    return json.toString();
  }

  private static String text(Totals totals, double seconds) {
    return String.format(
        Locale.ROOT,
        "%,d events in %.2f s: %,d stored, %,d duplicates, %,d filtered, %,d invalid, %,d failed",
        totals.received(),
        seconds,
        totals.stored(),
        totals.duplicates(),
        totals.filtered(),
        totals.invalid(),
        totals.failed());
  }
}
