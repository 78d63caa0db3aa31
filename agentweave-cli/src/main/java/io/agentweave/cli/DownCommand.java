package io.agentweave.cli;

import io.agentweave.local.MeshException;
import io.agentweave.local.RunningMesh;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = "Stops the local mesh in order and waits for it. Its data stays.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Console console;

  DownCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunningMesh mesh = Meshes.running();
    try {
      if (!mesh.down(PATIENCE)) {
        console.say("the mesh did not stop by itself and was killed");
        return ExitCode.FAILED.number();
      }
    } catch (MeshException e) {
      throw Meshes.failure(e);
    }
    console.out("the mesh is down");
    return ExitCode.DONE.number();
  }
}
