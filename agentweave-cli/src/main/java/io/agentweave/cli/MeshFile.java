package io.agentweave.cli;

import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.local.LocalMesh;
import io.agentweave.local.RunningMesh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration file that says which mesh to talk to: the one named by {@code --config} or
 * {@code AGENTWEAVE_CONFIG}, else that of the local mesh while it is up, else {@code
 * ./agentweave.yaml}, else {@code agentweave/agentweave.yaml} in the user's configuration folder.
 */
final class MeshFile {
  private MeshFile() {}

  /** Reads it; says in one line what is missing or wrong. */
  static AgentConfig read(Optional<Path> named) {
    Optional<Path> explicit = explicit(named, System.getenv());
    Optional<RunningMesh> local = explicit.isPresent() ? Optional.empty() : LocalMesh.find();
    if (local.isPresent()) {
      return LocalMeshConfig.of(local.get().info());
    }
    return parsed(
        explicit
            .or(() -> lookUp(System.getenv()))
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.REFUSED,
                        "no mesh is known: start the local one with 'agentweave up',"
                            + " or name a configuration with --config")));
  }

  private static AgentConfig parsed(Path file) {
    return switch (AgentConfigFile.readAgentSections(file, Map.of())) {
      case ConfigReading.Loaded<?>(var agent, var service) -> agent;
      case ConfigReading.Invalid<?> invalid ->
          throw new Failure(
              ExitCode.USAGE,
              "the configuration is wrong:" + System.lineSeparator() + invalid.report());
    };
  }

  /** That configuration without the local mesh: the one named, else the one that is found. */
  static Optional<AgentConfig> configured(Optional<Path> named) {
    return explicit(named, System.getenv())
        .or(() -> LocalMesh.find().isPresent() ? Optional.empty() : lookUp(System.getenv()))
        .map(MeshFile::parsed);
  }

  private static Optional<Path> explicit(Optional<Path> named, Map<String, String> environment) {
    return named.or(() -> Optional.ofNullable(environment.get("AGENTWEAVE_CONFIG")).map(Path::of));
  }

  private static Optional<Path> lookUp(Map<String, String> environment) {
    String configHome =
        environment.getOrDefault("XDG_CONFIG_HOME", System.getProperty("user.home") + "/.config");
    List<Path> places =
        List.of(Path.of("agentweave.yaml"), Path.of(configHome, "agentweave/agentweave.yaml"));
    return places.stream().filter(Files::isRegularFile).findFirst();
  }
}
