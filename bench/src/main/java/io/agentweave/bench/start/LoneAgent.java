package io.agentweave.bench.start;

import io.agentweave.bench.Machine;
import io.agentweave.bench.MeasurementException;
import io.agentweave.local.AgentSpec;
import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshException;
import io.agentweave.local.MeshOptions;
import io.agentweave.local.MeshProgress;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ingester alone in a mesh whose other parts are up, as SPIRE and OPA are where an agent
 * starts: from the birth of its process until it says that it is ready.
 */
final class LoneAgent {
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  /** What an agent puts off at its start it does within five seconds. */
  private static final int SECONDS_TO_REST = 7;

  private LoneAgent() {}

  /**
   * Some starts.
   *
   * @param readySeconds from each process's start to its readiness, to some 10 ms
   * @param idleMib resident after the last of them, when nothing of the start is left to do
   */
  record Starts(List<Double> readySeconds, double idleMib) {}

  /**
   * Starts it, ends it so many times, and looks at each start anew by its supervisor.
   *
   * @param cached whether there is an AOT cache beside its jar
   */
  static Starts starts(Path root, Path home, int times, boolean cached)
      throws IOException, InterruptedException {
    Files.createDirectories(home);
    try (LocalMesh mesh =
            LocalMesh.up(
                MeshOptions.pipeline(root)
                    .withHome(home)
                    .withAgents(List.of(ingester(root, cached ? null : home)))
                    .withFreePorts(),
                MeshProgress.silent());
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI ready =
          URI.create(
              LocalMesh.find(home).orElseThrow().info().agents().getFirst().metrics()
                  + "/health/ready");
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        seconds.add(again(mesh, client, ready));
      }
      TimeUnit.SECONDS.sleep(SECONDS_TO_REST);
      return new Starts(seconds, Machine.residentKib(agent(mesh).pid()) / 1024.0);
    } catch (MeshException e) {
      throw new MeasurementException("the agent did not start: " + e.getMessage(), e);
    }
  }

  /**
   * With a copy of its jar in {@code copied}, beside which there is no cache, unless it is null.
   */
  private static AgentSpec ingester(Path root, @Nullable Path copied) throws IOException {
    AgentSpec usual =
        AgentSpec.pipeline(root).stream()
            .filter(spec -> spec.name().equals("ingester"))
            .findFirst()
            .orElseThrow();
    String template =
        usual
            .template()
            .replace("${processor_address}", "127.0.0.1:1")
            .replace("${storage_address}", "127.0.0.1:1");
    List<Path> classPath = new ArrayList<>(usual.classPath());
    if (copied != null) {
      Path jar = classPath.getFirst();
      classPath.set(0, Files.copy(jar, copied.resolve(jar.getFileName())));
    }
    return new AgentSpec(usual.name(), usual.mainClass(), classPath, template, 0, 0);
  }

  private static double again(LocalMesh mesh, HttpClient client, URI ready)
      throws InterruptedException, IOException {
    // What brought the mesh up has ended, and its own JVM is quiet.
    TimeUnit.SECONDS.sleep(2);
    ProcessHandle before = agent(mesh);
    before.destroyForcibly();
    before.onExit().join();
    long answered = firstAnswer(client, ready);
    double age = Machine.ageSeconds(agent(mesh).pid());
    return age - (System.nanoTime() - answered) / 1e9;
  }

  private static ProcessHandle agent(LocalMesh mesh) {
    return mesh.status()
        .agents()
        .getFirst()
        .pid()
        .flatMap(ProcessHandle::of)
        .orElseThrow(() -> new MeasurementException("the agent has ended"));
  }

  /**
   * Asks every few milliseconds, as soon as somebody listens: a question to nobody costs a client
   * of HTTP more than an agent has to spare while it starts.
   */
  private static long firstAnswer(HttpClient client, URI ready) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(1)).build();
    for (Instant end = Instant.now().plus(AT_MOST); Instant.now().isBefore(end); ) {
      try {
        new Socket(ready.getHost(), ready.getPort()).close();
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return System.nanoTime();
        }
      } catch (IOException notYet) {
        // The process has not opened its port.
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new MeasurementException("the agent did not start again within " + AT_MOST);
  }
}
