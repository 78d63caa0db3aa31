package io.agentweave.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalMeshTest {
  /** One state folder for all tests, because initialising its database takes longest. */
  @TempDir static Path folder;

  /** What a mesh gets to end, however busy the machine is. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<Process> children = new ArrayList<>();

  @AfterEach
  void noMeshStaysBehind() {
    children.forEach(Process::destroyForcibly);
    LocalMesh.find(home()).ifPresent(mesh -> mesh.down(PATIENCE));
    LocalMesh.cleanUp(home());
  }

  @Test
  void aMesh_startsItsParts_watchesThem_andLeavesNothing() throws Exception {
    List<String> steps = new ArrayList<>();
    List<ProcessRef> processes = new ArrayList<>();
    try (LocalMesh mesh =
        LocalMesh.up(
            Fakes.options(home(), Fakes.steady("worker")),
            (what, number, of) -> steps.add(number + "/" + of + " " + what))) {
      assertThat(steps)
          .containsExactly(
              "1/5 identity authority",
              "2/5 trace store",
              "3/5 PostgreSQL",
              "4/5 worker",
              "5/5 ready");
      RunningMesh found = LocalMesh.find(home()).orElseThrow();
      MeshStatus status = found.status();
      assertThat(status.ready()).isTrue();
      assertThat(status.pid()).isEqualTo(ProcessHandle.current().pid());
      MeshStatus.Agent worker = status.agents().getFirst();
      assertThat(worker.ready()).isTrue();
      assertThat(worker.svidNotAfter())
          .get(InstanceOfAssertFactories.INSTANT)
          .isBetween(Instant.now(), Instant.now().plusSeconds(61));
      try (Connection database = found.connect()) {
        assertThat(database.isValid(60)).isTrue();
      }
      assertThat(found.info().agents().getFirst().log())
          .content()
          .contains("I am spiffe://agentweave.io/agent/worker");

      assertThatThrownBy(
              () ->
                  LocalMesh.up(
                      Fakes.options(home(), Fakes.steady("worker")), MeshProgress.silent()))
          .isInstanceOfSatisfying(
              MeshException.class,
              failed -> assertThat(failed.reason()).isEqualTo(MeshException.Reason.ALREADY_RUNNING))
          .hasMessageContaining("process " + status.pid());

      ProcessHandle.of(worker.pid().orElseThrow()).orElseThrow().destroyForcibly();
      await()
          .until(() -> mesh.status().agents().getFirst().restarts() == 1 && mesh.status().ready());
      assertThat(mesh.status().agents().getFirst().lastEnd()).isEqualTo("killed by signal 9");
      assertThat(mesh.status().phase()).isEqualTo(MeshStatus.Phase.READY);

      processes.addAll(processesOf(mesh.status()));
      assertThat(found.down(PATIENCE)).isTrue();
      mesh.awaitEnd();
    }
    assertNothingRuns(processes);
    assertThat(LocalMesh.find(home())).isEmpty();
  }

  @Test
  void whatACrashedMeshLeftRunning_isEndedByTheNext_andItsRowsAreThere() throws Exception {
    Process crashed = startProbe("ready");
    RunningMesh before = LocalMesh.find(home()).orElseThrow();
    List<ProcessRef> orphans = processesOf(before.status());
    try (Connection database = before.connect();
        var statement = database.createStatement()) {
      statement.execute("drop table if exists kept");
      statement.execute("create table kept as select 1 as id");
    }
    assertThatThrownBy(
            () ->
                LocalMesh.up(Fakes.options(home(), Fakes.steady("worker")), MeshProgress.silent()))
        .hasMessageContaining("already running")
        .hasMessageContaining(Long.toString(crashed.pid()));

    crashed.destroyForcibly().waitFor();
    assertThat(orphans).hasSize(2).allMatch(ProcessRef::alive);
    assertThat(LocalMesh.find(home())).isEmpty();

    try (LocalMesh next =
        LocalMesh.up(Fakes.options(home(), Fakes.steady("worker")), MeshProgress.silent())) {
      assertThat(orphans).noneMatch(ProcessRef::alive);
      assertThat(next.status().ready()).isTrue();
      try (Connection database = next.running().connect();
          var rows = database.createStatement().executeQuery("select id from kept")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"step 1", "step 3", "step 4", "ready"})
  void anInterruptAtAnyMoment_leavesNothing(String moment) throws Exception {
    Process mesh = startProbe(moment);
    List<ProcessRef> descendants =
        mesh.descendants().flatMap(child -> ProcessRef.of(child.pid()).stream()).toList();
    ProcessEnd.ask(ProcessRef.of(mesh.pid()).orElseThrow(), interrupt());

    assertThat(mesh.waitFor(PATIENCE)).isTrue();
    assertNothingRuns(descendants);
  }

  /** What ends a program at the keyboard; a shell's background jobs are born deaf to it. */
  private static ProcessEnd.Signal interrupt() throws IOException {
    Path self = Path.of("/proc/self/status");
    boolean deaf =
        Files.exists(self)
            && Files.readAllLines(self).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    return deaf ? ProcessEnd.Signal.TERM : ProcessEnd.Signal.INT;
  }

  @Test
  void aThrowAwayMesh_thatCrashed_isRemovedByTheNext() throws Exception {
    Process crashed = startProbe("ready", "throw-away");
    Path left = onlyThrowAway();
    List<ProcessRef> orphans = processesOf(LocalMesh.find(left).orElseThrow().status());
    crashed.destroyForcibly().waitFor();

    LocalMesh.up(Fakes.options(home(), Fakes.steady("worker")), MeshProgress.silent()).close();
    assertThat(left).doesNotExist();
    assertThat(orphans).noneMatch(ProcessRef::alive);
  }

  @Test
  void anAgentThatCannotStart_isNamed_withWhatItSaidLast() {
    assertThatThrownBy(
            () ->
                LocalMesh.up(
                    Fakes.options(home(), Fakes.agent("worker", "hopeless")),
                    MeshProgress.silent()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("the worker did not start (exited with 1)")
        .hasMessageContaining("I cannot go on");
    assertNothingRuns(List.of());
  }

  @Test
  void aMeshThatIsNotReadyYet_saysWhy_andCanBeStopped() throws Exception {
    var starting =
        new FutureTask<>(
            () ->
                LocalMesh.up(
                    Fakes.options(home(), Fakes.agent("worker", "unready")),
                    MeshProgress.silent()));
    Thread.ofPlatform().daemon().start(starting);
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              MeshStatus status = LocalMesh.find(home()).orElseThrow().status();
              assertThat(status.phase()).isEqualTo(MeshStatus.Phase.STARTING);
              assertThat(status.agents().getFirst().detail()).isEqualTo("database: nobody there");
            });

    assertThat(LocalMesh.find(home()).orElseThrow().down(PATIENCE)).isTrue();
    assertThatThrownBy(starting::get)
        .cause()
        .isInstanceOfSatisfying(
            MeshException.class,
            failed -> assertThat(failed.reason()).isEqualTo(MeshException.Reason.INTERRUPTED));
    assertNothingRuns(List.of());
  }

  private Process startProbe(String until, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dagentweave.root=" + System.getProperty("agentweave.root"),
                "-cp",
                System.getProperty("java.class.path"),
                MeshProbe.class.getName(),
                home().toString()));
    command.addAll(List.of(more));
    Process probe =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    children.add(probe);
    BufferedReader out = probe.inputReader();
    for (String line = out.readLine(); !until.equals(line); line = out.readLine()) {
      assertThat(line).as("the probe goes on").isNotNull().doesNotStartWith("failed");
    }
    return probe;
  }

  private static List<ProcessRef> processesOf(MeshStatus status) {
    return Stream.concat(
            status.agents().stream().flatMap(agent -> agent.pid().stream()),
            status.database().pid().stream())
        .flatMap(pid -> ProcessRef.of(pid).stream())
        .toList();
  }

  private static void assertNothingRuns(List<ProcessRef> processes) {
    assertThat(processes).noneMatch(ProcessRef::alive);
    assertThat(home().resolve("postgres/data/postmaster.pid")).doesNotExist();
    for (String file :
        List.of(
            "mesh.json",
            "mesh.pid",
            "mesh.lock",
            "processes.json",
            "control.sock",
            "workload.sock")) {
      assertThat(home().resolve(file)).doesNotExist();
    }
    assertThat(home().resolve("postgres/data.unfinished")).doesNotExist();
    try (Stream<Path> files = Files.list(home())) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .noneMatch(name -> name.startsWith("."));
    } catch (IOException gone) {
      throw new AssertionError(gone);
    }
  }

  private static Path onlyThrowAway() throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve("throw-away"))) {
      return folders.findFirst().orElseThrow();
    }
  }

  private static Path home() {
    return folder.resolve("mesh");
  }
}
