package io.agentweave.bench.start;

import io.agentweave.bench.Machine;
import io.agentweave.bench.MeasurementException;
import io.agentweave.local.AgentSpec;
import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshException;
import io.agentweave.local.MeshInfo;
import io.agentweave.local.MeshOptions;
import io.agentweave.local.MeshProgress;
import io.agentweave.local.MeshStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The ingester alone in a mesh: the start of one agent, from the birth of its process until it says
 * that it is ready.
 */
final class LoneAgent {
  private LoneAgent() {}

  /**
   * One start.
   *
   * @param readySeconds from the process's start to its readiness, to some 10 ms
   * @param idleMib resident a few seconds later
   */
  record Start(double readySeconds, double idleMib) {}

  static Start start(Path root, Path home) throws IOException, InterruptedException {
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
    AgentSpec alone =
        new AgentSpec(usual.name(), usual.mainClass(), usual.classPath(), template, 0, 0);
    CompletableFuture<Instant> ready = new CompletableFuture<>();
    Thread watch = Thread.ofPlatform().daemon().name("readiness").start(() -> watch(home, ready));
    try (LocalMesh mesh =
        LocalMesh.up(
            MeshOptions.pipeline(root)
                .withHome(Files.createDirectories(home))
                .withAgents(List.of(alone))
                .withFreePorts(),
            MeshProgress.silent())) {
      Instant answered = ready.join();
      MeshStatus.Agent agent = mesh.status().agents().getFirst();
      long pid = agent.pid().orElseThrow(() -> new MeasurementException("the agent has ended"));
      Instant born =
          ProcessHandle.of(pid).flatMap(process -> process.info().startInstant()).orElse(answered);
      TimeUnit.SECONDS.sleep(3);
      return new Start(
          Duration.between(born, answered).toMillis() / 1e3, Machine.residentKib(pid) / 1024.0);
    } catch (MeshException e) {
      throw new MeasurementException("the agent did not start: " + e.getMessage(), e);
    } finally {
      watch.interrupt();
    }
  }

  /** Asks the agent every few milliseconds; the mesh itself asks less often. */
  private static void watch(Path home, CompletableFuture<Instant> ready) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!ready.isDone()) {
        try {
          var mesh = LocalMesh.find(home);
          if (mesh.isPresent() && answers(client, mesh.get().info().agents().getFirst())) {
            ready.complete(Instant.now());
          }
        } catch (IOException notYet) {
          // The process has not opened its port.
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException ended) {
      ready.complete(Instant.now());
    }
  }

  private static boolean answers(HttpClient client, MeshInfo.Agent agent)
      throws IOException, InterruptedException {
    URI uri = URI.create(agent.metrics() + "/health/ready");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }
}
