package io.agentweave.cli;

import picocli.CommandLine;

/** The {@code agentweave} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess(System.getenv());
    System.exit(commandLine(console, args).execute(args));
  }

  /**
   * The command, writing to {@code console}: with the subcommand that {@code args} begin with, or
   * with all of them. Looking through the annotations of all takes as long as a call.
   */
  static CommandLine commandLine(Console console, String... args) {
    CommandLine line = new CommandLine(new RootCommand(), new CommandFactory(console));
    Class<?> wanted = args.length == 0 ? null : RootCommand.SUBCOMMANDS.get(args[0]);
    if (wanted == null) {
      RootCommand.SUBCOMMANDS.forEach(line::addSubcommand);
    } else {
      line.addSubcommand(args[0], wanted);
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    line.setExecutionExceptionHandler(new FailureReport(console));
    return line;
  }
}
