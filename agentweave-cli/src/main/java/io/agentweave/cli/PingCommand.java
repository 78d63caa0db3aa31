package io.agentweave.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentweave.identity.SpiffeId;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "ping",
    description =
        "Makes the cheapest call there is, with everything a call has: TLS, policy, audit.",
    mixinStandardHelpOptions = true)
final class PingCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "ID",
      description = "SPIFFE ID of the agent")
  private String target = "";

  @Option(
      names = "--count",
      defaultValue = "3",
      paramLabel = "N",
      description = "default: ${DEFAULT-VALUE}")
  private int count;

  @Mixin private CallOptions options = new CallOptions();

  PingCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (count < 1) {
      throw new Failure(ExitCode.USAGE, "--count must be 1 or more");
    }
    SpiffeId id = CallOptions.target(target);
    try (Session session = Session.open(options.config())) {
      for (int i = 1; i <= count; i++) {
        long begun = System.nanoTime();
        session.ask(target, "ping", JsonNodeFactory.instance.objectNode(), options);
        double millis = (System.nanoTime() - begun) / 1e6;
        console.out(String.format(Locale.ROOT, "%s answered %d in %.2f ms", id, i, millis));
      }
    }
    return ExitCode.DONE.number();
  }
}
