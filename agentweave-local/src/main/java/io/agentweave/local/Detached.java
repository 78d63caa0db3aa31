package io.agentweave.local;

import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts {@link Main} in a process of its own. */
final class Detached {
  private static final Logger LOG = LoggerFactory.getLogger(Detached.class);

  private Detached() {}

  static RunningMesh start(MeshOptions options, MeshProgress progress) {
    MeshFolder folder = new MeshFolder(options.home());
    AgentFiles.refuseProduction(System.getenv());
    if (RunningMesh.find(options.home()).isPresent()) {
      throw LocalMesh.alreadyRunning(folder);
    }
    // Its own until the mesh is known to be the only one: others may be starting here, too.
    Path starting;
    Process process;
    try {
      folder.create();
      starting = Files.createTempFile(folder.logs(), "starting-", ".log");
      process =
          new ProcessBuilder(command(options))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(starting.toFile())
              .start();
    } catch (IOException failed) {
      throw new MeshException(
          MeshException.Reason.START_FAILED,
          "the state folder " + options.home() + " can't be used, or no process started: " + failed,
          failed);
    }
    Thread stop =
        new Thread(
            () -> {
              end(process);
              keep(starting, folder);
            },
            "mesh-detach-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    boolean up = false;
    try {
      RunningMesh mesh = awaitReady(options, progress, process, starting);
      up = true;
      return mesh;
    } finally {
      removeUnlessRunning(stop);
      if (!up) {
        end(process);
      }
      keep(starting, folder);
    }
  }

  /** Gives the log its name; one that only says that there is a mesh already goes away. */
  private static synchronized void keep(Path starting, MeshFolder folder) {
    try {
      boolean second =
          MainOutput.failure(read(starting), starting).reason()
              == MeshException.Reason.ALREADY_RUNNING;
      if (second) {
        Files.deleteIfExists(starting);
      } else if (Files.exists(starting)) {
        Files.move(starting, log(folder), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException stays) {
      LOG.warn("Can't rename {}: {}", starting, stays.getMessage());
    }
  }

  private static Path log(MeshFolder folder) {
    return folder.logs().resolve("mesh.log");
  }

  private static void removeUnlessRunning(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Then it does what is to be done here, too.
    }
  }

  private static RunningMesh awaitReady(
      MeshOptions options, MeshProgress progress, Process process, Path log) {
    int told = 0;
    while (true) {
      List<String> lines = read(log);
      for (; told < lines.size(); told++) {
        MainOutput.step(lines.get(told)).ifPresent(step -> step.tell(progress));
      }
      if (!process.isAlive()) {
        throw MainOutput.failure(read(log), log(new MeshFolder(options.home())));
      }
      Optional<RunningMesh> mesh = RunningMesh.find(options.home());
      if (mesh.isPresent()
          && mesh.get().info().process().pid() == process.pid()
          && lines.contains(MainOutput.READY)) {
        return mesh.get();
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new MeshException(
            MeshException.Reason.INTERRUPTED, "the start was interrupted", interrupted);
      }
    }
  }

  private static void end(Process process) {
    ProcessRef.of(process.pid())
        .ifPresent(ref -> ProcessEnd.end(ref, ProcessEnd.Signal.TERM, Duration.ofSeconds(40)));
  }

  private static List<String> read(Path log) {
    try {
      String text = Files.readString(log);
      // The last line may not be whole yet.
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException notYet) {
      return List.of();
    }
  }

  private static List<String> command(MeshOptions options) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTReplayTraining",
            "-Dio.netty.jfr.enabled=false",
            "-Djdk.reflect.useNativeAccessorOnly=true",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    String classPath = System.getProperty("java.class.path");
    command.addAll(AotCache.options(Path.of(classPath.split(File.pathSeparator, 2)[0])));
    command.addAll(List.of("-cp", classPath, Main.class.getName()));
    command.addAll(MainArguments.of(options));
    return command;
  }
}
