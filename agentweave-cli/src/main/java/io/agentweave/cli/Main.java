package io.agentweave.cli;

import io.agentweave.identity.IdentitySources;
import picocli.CommandLine;

/** The {@code agentweave} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length > 0 && RootCommand.JOINING.contains(args[0])) {
      IdentitySources.warmUp();
    }
    StandardOutput output = StandardOutput.ofProcess();
    Console console = Console.ofProcess(System.getenv());
    System.exit(ended(commandLine(console, args).execute(args), output, console));
  }

  /** The code to exit with: a command whose payload is lost is not done. */
  static int ended(int code, StandardOutput output, Console console) {
    return output
        .failure()
        .map(
            why -> {
              console.fail("standard output can't be written: " + why);
              return code == ExitCode.DONE.number() ? ExitCode.FAILED.number() : code;
            })
        .orElse(code);
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
