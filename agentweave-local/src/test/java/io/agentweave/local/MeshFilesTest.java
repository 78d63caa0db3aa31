package io.agentweave.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.SpiffeId;
import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeshFilesTest {
  @TempDir Path folder;

  @Test
  void aTemplateForProduction_isRefused() {
    assertReason(
        MeshException.Reason.PRODUCTION,
        () -> write(Fakes.agent("worker", "x", "environment: production")));
  }

  @Test
  void aTemplateThatDoesNotSay_meansProduction_andIsRefused() {
    assertReason(MeshException.Reason.PRODUCTION, () -> write(Fakes.agent("worker", "x", "")));
  }

  @Test
  void anEnvironmentForProduction_isRefused() {
    assertReason(
        MeshException.Reason.PRODUCTION,
        () -> AgentFiles.refuseProduction(Map.of("AGENTWEAVE_AGENT_ENVIRONMENT", "production")));
    AgentFiles.refuseProduction(Map.of("AGENTWEAVE_AGENT_ENVIRONMENT", "staging"));
  }

  @Test
  void aTemplateWithAnUnknownWordOrKey_isRefusedByName() {
    assertThatThrownBy(() -> write(Fakes.agent("worker", "${nothing}")))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("${nothing}");
    assertThatThrownBy(
            () -> write(Fakes.agent("worker", "x", "environment: development\n  surprise: 1")))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("surprise");
  }

  @Test
  void aPathThatLooksLikeYaml_isStillAPath() throws Exception {
    Path strange = Files.createDirectory(folder.resolve("a: \"b\" #{c} $1"));
    Path file = write(Fakes.agent("worker", "x"), strange);

    assertThat(AgentConfigFile.readAgentSections(file, Map.of()))
        .isInstanceOfSatisfying(
            ConfigReading.Loaded.class,
            loaded ->
                assertThat(loaded.agent().agent().dataDirectoryOrDefault())
                    .isEqualTo(strange.resolve("data")));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void theTemplatesOfThePipeline_areValid() throws Exception {
    for (AgentSpec agent : AgentSpec.pipeline(folder)) {
      write(agent);
    }
  }

  @Test
  void aTakenPort_isNamed_withTheWayOut() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      AgentSpec worker = Fakes.steady("worker").withPorts(taken.getLocalPort(), 9999);
      assertThatThrownBy(() -> Ports.choose(Fakes.options(folder, worker).withPortOffset(0)))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()))
          .hasMessageContaining("--port-offset");
      assertReason(
          MeshException.Reason.PORT_TAKEN,
          () -> Ports.choose(Fakes.options(folder, worker).withPortOffset(-taken.getLocalPort())));
    }
  }

  @Test
  void anAgentThatWasNotBuilt_isNamed() {
    assertThatThrownBy(
            () ->
                LocalMesh.up(
                    MeshOptions.pipeline(folder).withHome(folder.resolve("mesh")).withFreePorts(),
                    MeshProgress.silent()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("has not been built");
    assertThat(folder.resolve("mesh/mesh.lock")).doesNotExist();
  }

  @Test
  void aDetachedMeshThatFails_saysWhy() {
    assertReason(
        MeshException.Reason.NOT_BUILT,
        () ->
            LocalMesh.detach(
                MeshOptions.pipeline(folder).withHome(folder.resolve("mesh")).withFreePorts(),
                MeshProgress.silent()));
    assertThat(folder.resolve("mesh/mesh.lock")).doesNotExist();
  }

  @Test
  void aProcessThatOnlyHasTheId_isNotEnded() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      Path ledger = folder.resolve("processes.json");
      new ProcessLedger(ledger)
          .watcher("worker", ProcessEnd.Signal.TERM)
          .started(new ProcessRef(other.pid(), "1@before"));

      assertThat(ProcessLedger.endLeftovers(ledger, Duration.ofSeconds(1))).isEmpty();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void theLock_isHeldOnce_andSurvivesASecondTry() throws Exception {
    Path file = folder.resolve("mesh.lock");
    MeshLock first = MeshLock.tryAcquire(file).orElseThrow();
    assertThat(MeshLock.tryAcquire(file)).isEmpty();
    assertThat(MeshLock.tryAcquire(folder.resolve("../" + folder.getFileName() + "/mesh.lock")))
        .isEmpty();
    first.close();
    first.close();
    assertThat(file).doesNotExist();
    MeshLock.tryAcquire(file).orElseThrow().close();
  }

  @Test
  void aFolderWithAPathTooLongForASocket_hasItsSocketsElsewhere() throws Exception {
    Path deep = Files.createDirectories(folder.resolve("d".repeat(100)));
    Path sockets = new MeshFolder(deep).sockets();
    assertThat(sockets).isNotEqualTo(deep).isDirectory();
    Files.delete(sockets);
    Path flat = Path.of("/tmp/x");
    assertThat(new MeshFolder(flat).sockets()).isEqualTo(flat);
  }

  @Test
  void aFolderWhosePathIsNotPlain_hasItsSocketsElsewhere() throws Exception {
    Path odd = Files.createDirectories(folder.resolve("a\tb"));
    Path sockets = new MeshFolder(odd).sockets();
    assertThat(sockets).isNotEqualTo(odd).isDirectory();
    Files.delete(sockets);
  }

  @Test
  void theArgumentsOfTheMeshProcess_sayTheSame() {
    MeshOptions options =
        MeshOptions.pipeline(folder)
            .withHome(folder.resolve("h"))
            .withPortOffset(7)
            .withSvidLifetime(Duration.ofSeconds(5));
    assertThat(MainArguments.parse(MainArguments.of(options))).isEqualTo(options);
    assertThat(MainArguments.parse(MainArguments.of(options.withFreePorts())).freePorts()).isTrue();
    assertThatThrownBy(() -> MainArguments.parse(List.of("--surprise", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--surprise");
  }

  private Path write(AgentSpec agent) throws Exception {
    return write(agent, folder);
  }

  private Path write(AgentSpec agent, Path place) throws Exception {
    Path config = folder.resolve(agent.name() + ".yaml");
    List<MeshInfo.Agent> agents =
        List.of("ingester", "processor", "storage", "worker").stream()
            .map(
                name ->
                    new MeshInfo.Agent(
                        name,
                        SpiffeId.parse("spiffe://agentweave.io/agent/" + name),
                        "127.0.0.1:1",
                        URI.create("http://127.0.0.1:2"),
                        name.equals(agent.name()) ? config : folder.resolve("other"),
                        place.resolve("data"),
                        folder.resolve("log")))
            .toList();
    MeshInfo info =
        new MeshInfo(
            ProcessRef.self(),
            Instant.now(),
            folder,
            folder,
            URI.create("unix:///tmp/x"),
            folder,
            folder,
            "jdbc:postgresql://x/y",
            "pipeline",
            folder.resolve("password"),
            URI.create("http://127.0.0.1:3"),
            folder,
            agents);
    AgentFiles.write(agent, info, "agentweave.io");
    assertThat(MeshJson.read(MeshJson.write(info), MeshInfo.class)).isEqualTo(info);
    return config;
  }

  private static void assertReason(
      MeshException.Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class, failed -> assertThat(failed.reason()).isEqualTo(reason));
  }
}
