package io.agentweave.cli;

import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshException;
import io.agentweave.local.MeshInfo;
import io.agentweave.local.MeshOptions;
import io.agentweave.local.MeshProgress;
import io.agentweave.local.RunningMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The local meshes of this user, as the commands see them. */
final class Meshes {
  private Meshes() {}

  /** The one that {@code agentweave up} started. */
  static RunningMesh running() {
    return LocalMesh.find()
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.FAILED, "no local mesh is running; start one with 'agentweave up'"));
  }

  /** The pipeline of the checkout that the launcher belongs to. */
  static MeshOptions options() {
    Path root =
        MeshOptions.rootFromEnvironment()
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.USAGE,
                        "AGENTWEAVE_ROOT does not say where the checkout is; use its launcher"));
    return MeshOptions.pipeline(root);
  }

  /** Tells the person who waits what is being started. */
  static MeshProgress progress(Console console) {
    return (what, number, of) -> {
      String line = String.format(Locale.ROOT, "[%d/%d] %s", number, of, what);
      if (console.errTerminal()) {
        console.redraw(line + (number == of ? System.lineSeparator() : ""));
      } else {
        console.say(line);
      }
    };
  }

  static Failure failure(MeshException e) {
    ExitCode code =
        switch (e.reason()) {
          case ALREADY_RUNNING, START_FAILED, INTERRUPTED, NOT_ANSWERING, PORT_TAKEN ->
              ExitCode.FAILED;
          case NOT_BUILT, PRODUCTION, CONFIGURATION -> ExitCode.USAGE;
        };
    return new Failure(code, String.valueOf(e.getMessage()), e);
  }

  /** The audit logs of the running mesh's agents, and of this command. */
  static List<Path> auditFolders() {
    MeshInfo info = running().info();
    List<Path> folders = new ArrayList<>();
    info.agents().forEach(agent -> folders.add(agent.data().resolve("audit")));
    Path own = LocalMeshConfig.dataDirectory(info).resolve("audit");
    try (Stream<Path> logs = Files.list(own)) {
      logs.sorted().forEach(folders::add);
    } catch (IOException none) {
      return folders;
    }
    return folders;
  }
}
