package io.agentweave.cli;

import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    description = {
      "Checks an agent's configuration file and reports everything that is wrong with it.",
      "A section that only the agent itself knows is not checked."
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "CONFIG", description = "the YAML file")
  private Path file = Path.of("agentweave.yaml");

  ValidateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return switch (AgentConfigFile.readAgentSections(file, System.getenv())) {
      case ConfigReading.Loaded<?>(var agent, var service) -> {
        console.out(file + ": valid, agent " + agent.agent().spiffeId());
        yield ExitCode.DONE.number();
      }
      case ConfigReading.Invalid<?> invalid -> {
        console.out(invalid.report());
        yield ExitCode.FAILED.number();
      }
    };
  }
}
