package io.agentweave.cli;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "card",
    description = "Prints the agent card: what the agent can do, and how it wants to be spoken to.",
    mixinStandardHelpOptions = true)
final class CardCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "ID",
      description = "SPIFFE ID of the agent")
  private String target = "";

  @Mixin private CallOptions options = new CallOptions();

  CardCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Session session = Session.open(options.config())) {
      CallOutcome<Payload> outcome =
          session.client().card(CallOptions.target(target), options.address(), options.timeout());
      return switch (outcome) {
        case CallOutcome.Answered<Payload>(var card, var completed) -> {
          console.out(ResultWriter.pretty(card));
          yield ExitCode.DONE.number();
        }
        case CallOutcome.Refused<Payload>(var refusal) -> throw Failure.of(refusal);
      };
    }
  }
}
