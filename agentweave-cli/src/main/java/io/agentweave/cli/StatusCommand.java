package io.agentweave.cli;

import io.agentweave.config.AgentConfig;
import io.agentweave.local.MeshStatus;
import io.agentweave.local.RunningMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description =
        "Says how the mesh and its parts are: the local one, or that of a configuration."
            + " Exit code 0 when all are ready.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "json|text")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the mesh to ask; default: the local one")
  private @Nullable Path config;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return MeshFile.configured(Optional.ofNullable(config))
        .map(this::configured)
        .orElseGet(this::local);
  }

  private Integer configured(AgentConfig mesh) {
    ConfiguredMesh found = ConfiguredMesh.ask(mesh);
    switch (output) {
      case JSON -> console.out(found.json().toPrettyString());
      case TEXT ->
          found
              .parts()
              .forEach(
                  part ->
                      console.out(
                          String.format(Locale.ROOT, "%-10s ", part.name())
                              + word(part.state(), part.ready())
                              + (part.detail().isEmpty() ? "" : ", " + part.detail())));
    }
    return (found.ready() ? ExitCode.DONE : ExitCode.FAILED).number();
  }

  private Integer local() {
    RunningMesh mesh = Meshes.running();
    MeshStatus status = mesh.status();
    switch (output) {
      case JSON -> console.out(mesh.statusJson());
      case TEXT -> print(status);
    }
    return (status.ready() ? ExitCode.DONE : ExitCode.FAILED).number();
  }

  private void print(MeshStatus status) {
    console.out(
        "mesh       "
            + word(status.phase().name(), status.ready())
            + ", pid "
            + status.pid()
            + ", since "
            + status.startedAt());
    for (MeshStatus.Agent agent : status.agents()) {
      console.out(
          String.format(Locale.ROOT, "%-10s ", agent.name())
              + word(agent.ready() ? "ready" : agent.state().name(), agent.ready())
              + agent.pid().map(pid -> ", pid " + pid).orElse("")
              + (", port " + agent.port() + ", metrics " + agent.metricsPort())
              + (", restarts " + agent.restarts())
              + agent.svidNotAfter().map(StatusCommand::expiry).orElse("")
              + (agent.detail().isEmpty() ? "" : ": " + agent.detail())
              + (agent.lastEnd().isEmpty() ? "" : " (last end: " + agent.lastEnd() + ")"));
    }
    MeshStatus.Database database = status.database();
    console.out(
        "postgresql "
            + database.state().name().toLowerCase(Locale.ROOT)
            + ", port "
            + database.port()
            + ", restarts "
            + database.restarts());
    console.out(
        "spans      " + status.spans() + " received, " + status.spansDropped() + " dropped");
  }

  private static String expiry(Instant notAfter) {
    return ", SVID for another " + Duration.between(Instant.now(), notAfter).toSeconds() + " s";
  }

  private String word(String text, boolean good) {
    return console.paintOut(
        good ? Console.Colour.GREEN : Console.Colour.YELLOW, text.toLowerCase(Locale.ROOT));
  }
}
