package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.call.Payload;
import io.agentweave.call.VisibleText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dlq",
    description = "Shows dead letters, replays them under today's policy, or gives them up.",
    mixinStandardHelpOptions = true)
final class DeadLetterCommand {
  private static final List<String> AGENTS = List.of("ingester", "processor", "storage");

  private final Console console;

  DeadLetterCommand(Console console) {
    this.console = console;
  }

  @Command(
      name = "list",
      description = "Lists dead letters, newest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--target",
              paramLabel = "ID",
              description = "one agent; default: all three of the pipeline")
          @Nullable String target,
      @Option(
              names = "--status",
              defaultValue = "open",
              paramLabel = "open|replayed|discarded|any",
              description = "default: ${DEFAULT-VALUE}")
          String status,
      @Option(
              names = "--limit",
              defaultValue = "100",
              paramLabel = "N",
              description =
                  "at most so many of each agent, and a word when it has more; 0 means all;"
                      + " default: ${DEFAULT-VALUE}")
          int limit,
      @Option(
              names = "--before",
              paramLabel = "ID",
              description = "only letters older than this one, to go on where a list ended")
          @Nullable String before,
      @Option(
              names = {"-o", "--output"},
              defaultValue = "text",
              paramLabel = "json|text",
              description = "json prints one object a line")
          OutputFormat output,
      @Mixin CallOptions options) {
    if (limit < 0) {
      throw new Failure(ExitCode.USAGE, "--limit must be 0, which means all, or more");
    }
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    if (!status.equals("any")) {
      parameters.put("status", status);
    }
    try (Session session = Session.open(options.config())) {
      for (String agent : target == null ? AGENTS : List.of(target)) {
        LetterPages pages =
            new LetterPages(page -> session.ask(agent, "dlq_list", page, options), parameters);
        Optional<String> ended =
            pages.read(
                Optional.ofNullable(before),
                limit == 0 ? Long.MAX_VALUE : limit,
                letter ->
                    console.out(output == OutputFormat.JSON ? letter.toString() : summary(letter)));
        ended.ifPresent(
            last ->
                console.say(
                    "agentweave: %s has more: --limit 0 lists all, --target %s --before %s goes on"
                        .formatted(agent, agent, last)));
      }
    }
    return ExitCode.DONE.number();
  }

  private String summary(JsonNode letter) {
    String what =
        ("  " + letter.path("last_failed_at").asText())
            + ("  " + letter.path("status").asText())
            + ("  " + letter.path("origin").path("agent").asText())
            + ("/" + letter.path("stage").asText())
            + ("  " + letter.path("reason").asText() + ": " + letter.path("detail").asText());
    return console.paintOut(Console.Colour.BOLD, VisibleText.of(letter.path("id").asText()))
        + VisibleText.of(what);
  }

  @Command(
      name = "show",
      description = "Prints one dead letter with everything that is known about it.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--target", paramLabel = "ID", defaultValue = "ingester") String target,
      @Mixin CallOptions options) {
    return one("dlq_show", id, target, null, options);
  }

  @Command(
      name = "replay",
      description = {
        "Processes a dead letter again, if the caller it came from may still ask for it.",
        "With --data the mended payload takes the place of the original."
      },
      mixinStandardHelpOptions = true)
  int replay(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--target", paramLabel = "ID", defaultValue = "ingester") String target,
      @Option(
              names = "--data",
              paramLabel = "JSON|@FILE",
              description =
                  "the mended payload of the whole call, for an event that the ingester refused"
                      + " {\"event_data\": {...}}")
          @Nullable String data,
      @Mixin CallOptions options) {
    return one("dlq_replay", id, target, data == null ? null : Data.read(data), options);
  }

  @Command(
      name = "discard",
      description = "Gives a dead letter up; it stays on record.",
      mixinStandardHelpOptions = true)
  int discard(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--target", paramLabel = "ID", defaultValue = "ingester") String target,
      @Mixin CallOptions options) {
    return one("dlq_discard", id, target, null, options);
  }

  private int one(
      String capability, String id, String target, @Nullable Payload data, CallOptions options) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("id", id);
    if (data != null) {
      try {
        parameters.set("data", Session.tree(data));
      } catch (IOException e) {
        throw new Failure(ExitCode.USAGE, "--data is not JSON: " + e.getMessage(), e);
      }
    }
    try (Session session = Session.open(options.config())) {
      JsonNode answer = session.ask(target, capability, parameters, options);
      console.out(answer.toPrettyString());
    }
    return ExitCode.DONE.number();
  }
}
