package io.agentweave.cli;

import picocli.CommandLine;

/** The {@code agentweave} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess(System.getenv());
    System.exit(commandLine(console).execute(args));
  }

  /** The command with all its subcommands, writing to {@code console}. */
  static CommandLine commandLine(Console console) {
    CommandLine line = new CommandLine(new RootCommand(), new CommandFactory(console));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    line.setExecutionExceptionHandler(new FailureReport(console));
    return line;
  }
}
