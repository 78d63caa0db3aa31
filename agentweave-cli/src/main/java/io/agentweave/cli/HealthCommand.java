package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "health",
    description = "Asks agents how they are, through the mesh.",
    mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--target",
      paramLabel = "ID",
      description = "one agent; default: all three of the pipeline")
  private @Nullable String target;

  @Mixin private CallOptions options = new CallOptions();

  HealthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<String> agents =
        target == null ? List.of("ingester", "processor", "storage") : List.of(target);
    try (Session session = Session.open(options.config())) {
      for (String agent : agents) {
        JsonNode health =
            session.ask(agent, "health", JsonNodeFactory.instance.objectNode(), options);
        console.out(health.toPrettyString());
      }
    }
    return ExitCode.DONE.number();
  }
}
