package io.agentweave.cli;

import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshException;
import io.agentweave.local.MeshInfo;
import io.agentweave.local.MeshOptions;
import io.agentweave.local.RunningMesh;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = {
      "Starts the local mesh: identity authority, PostgreSQL, trace store and the three agents.",
      "Runs until it is interrupted, or in the background with --detach."
    },
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--detach", description = "return when the mesh is ready")
  private boolean detach;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "added to all ports; default: ${DEFAULT-VALUE}")
  private int portOffset;

  @Option(
      names = "--svid-ttl",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "how long an SVID lives; a new one comes at half of it; default: ${DEFAULT-VALUE}")
  private int svidSeconds;

  UpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (svidSeconds < 2 || portOffset < 0 || portOffset > 50_000) {
      throw new Failure(
          ExitCode.USAGE, "--svid-ttl is 2 or more seconds, --port-offset 0 to 50000");
    }
    MeshOptions options =
        Meshes.options()
            .withPortOffset(portOffset)
            .withSvidLifetime(Duration.ofSeconds(svidSeconds));
    try {
      if (detach) {
        describe(LocalMesh.detach(options, Meshes.progress(console)));
        console.out("stop it with: agentweave down");
      } else {
        try (LocalMesh mesh = LocalMesh.up(options, Meshes.progress(console))) {
          describe(mesh.running());
          console.out("stop it with an interrupt (Ctrl-C), or: agentweave down");
          mesh.awaitEnd();
        }
      }
    } catch (MeshException e) {
      throw Meshes.failure(e);
    }
    return ExitCode.DONE.number();
  }

  private void describe(RunningMesh mesh) {
    MeshInfo info = mesh.info();
    console.out("the mesh is up:");
    for (MeshInfo.Agent agent : info.agents()) {
      console.out(
          "  " + agent.spiffeId() + " at " + agent.address() + ", metrics " + agent.metrics());
    }
    console.out("  database " + info.jdbcUrl() + ", user " + info.databaseUser());
    console.out("  password in " + info.passwordFile());
    console.out("  logs in " + info.home().resolve("logs"));
  }
}
