package io.agentweave.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
    footer = {
      "",
      "Exit codes: 0 done, 1 the agent said no or failed, 2 usage,",
      "3 could not reach the agent, or refused by identity or policy."
    })
final class RootCommand implements Callable<Integer> {
  /** By name, in the order of the help. */
  static final Map<String, Class<?>> SUBCOMMANDS = subcommands();

  /** Those that get an identity in a mesh before anything else. */
  static final Set<String> JOINING =
      Set.of("demo", "send", "call", "health", "ping", "card", "identity", "dlq");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine.usage(spec.commandLine(), System.out);
    return ExitCode.DONE.number();
  }

  private static Map<String, Class<?>> subcommands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("demo", DemoCommand.class);
    commands.put("up", UpCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("down", DownCommand.class);
    commands.put("send", SendCommand.class);
    commands.put("call", CallCommand.class);
    commands.put("health", HealthCommand.class);
    commands.put("ping", PingCommand.class);
    commands.put("card", CardCommand.class);
    commands.put("validate", ValidateCommand.class);
    commands.put("authz", AuthzCommand.class);
    commands.put("identity", IdentityCommand.class);
    commands.put("dlq", DeadLetterCommand.class);
    commands.put("audit", AuditCommand.class);
    commands.put("trace", TraceCommand.class);
    return Collections.unmodifiableMap(commands);
  }
}
