package io.agentweave.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "agentweave",
    description = "Calls agents of a zero-trust mesh, runs a local one, and shows what happened.",
    mixinStandardHelpOptions = true,
    version = "agentweave 0.1.0",
    sortOptions = false,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      StatusCommand.class,
      DownCommand.class,
      SendCommand.class,
      CallCommand.class,
      HealthCommand.class,
      PingCommand.class,
      CardCommand.class,
      ValidateCommand.class,
      AuthzCommand.class,
      IdentityCommand.class,
      DeadLetterCommand.class,
      AuditCommand.class,
      TraceCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 the agent said no or failed, 2 usage,",
      "3 could not reach the agent, or refused by identity or policy."
    })
final class RootCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return ExitCode.DONE.number();
  }
}
