package io.agentweave.cli;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.client.CallRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "call",
    description = "Runs a capability of an agent and prints what it answers.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CallCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "ID",
      description = "SPIFFE ID of the agent")
  private String target = "";

  @Option(
      names = "--capability",
      required = true,
      paramLabel = "NAME",
      description = "what it shall do")
  private String capability = "";

  @Option(
      names = "--data",
      paramLabel = "JSON|@FILE",
      description = "the parameters, or a file with them; @- is standard input")
  private @Nullable String data;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "json|text",
      description = "json prints the whole task result on one line; text its data")
  private OutputFormat output = OutputFormat.TEXT;

  @Mixin private CallOptions options = new CallOptions();

  CallCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CallRequest request =
        CallRequest.of(CallOptions.target(target), capability, Data.read(data), options.timeout());
    CallRequest addressed = options.address().map(request::at).orElse(request);
    try (Session session = Session.open(options.config())) {
      return switch (session.client().call(addressed)) {
        case CallOutcome.Answered<TaskResult>(var result, var completed) -> {
          new ResultWriter(console).write(result, output);
          yield (completed ? ExitCode.DONE : ExitCode.FAILED).number();
        }
        case CallOutcome.Refused<TaskResult>(var refusal) -> throw Failure.of(refusal);
      };
    }
  }
}
