package io.agentweave.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupervisionTest {
  @TempDir Path folder;
  private final List<ProcessRef> seen = new CopyOnWriteArrayList<>();
  private final List<ProcessRef> gone = new CopyOnWriteArrayList<>();

  @Test
  void aProcessThatEnds_isStartedAgain_untilItIsStopped() {
    SupervisedProcess process = shell("echo hello; exit 3");
    try (process) {
      start(process);
      await().until(() -> process.restarts() >= 2);
      assertThat(process.lastEnd()).isEqualTo("exited with 3");
      assertThat(folder.resolve("log")).content().startsWith("hello\nhello\n");
    }
    assertThat(process.state()).isEqualTo(SupervisedProcess.State.STOPPED);
    // A restart counts from the end that asks for it; the stop may come before the start.
    int after = process.restarts();
    assertThat(seen).hasSameSizeAs(gone).hasSizeBetween(after, after + 1);
  }

  @Test
  void theLastWordsAreThoseOfTheOneThatEnded_whateverTheNextSaysFirst() {
    SupervisedProcess process = shell("echo begun; sleep 0.2; echo; printf 'no way on'; exit 3");
    try (process) {
      start(process);
      await().until(() -> process.restarts() >= 1);
      assertThat(process.lastWords()).isEqualTo("no way on");
    }
  }

  @Test
  void aProcessThatWaitsForItsNextStart_isStoppedAtOnce() {
    SupervisedProcess process = shell("exit 1");
    start(process);
    await().until(() -> process.state() == SupervisedProcess.State.WAITING);
    process.close();
    assertThat(process.state()).isEqualTo(SupervisedProcess.State.STOPPED);
    assertThat(process.process()).isEmpty();
  }

  @Test
  void aProcessThatIgnoresItsStop_isKilled() {
    SupervisedProcess process =
        new SupervisedProcess(
            spec("trap '' TERM; echo up; while :; do sleep 0.1; done", Duration.ofMillis(200)),
            watcher());
    start(process);
    await().untilAsserted(() -> assertThat(folder.resolve("log")).content().contains("up"));
    ProcessRef running = process.process().orElseThrow();
    process.close();
    assertThat(running.alive()).isFalse();
    assertThat(process.lastEnd()).isEqualTo("killed by signal 9");
  }

  @Test
  void aProgramThatIsNotThere_isAnErrorAtTheStart() {
    ProcessSpec missing =
        new ProcessSpec(
            "missing",
            List.of("/nonexistent/program"),
            Map.of(),
            folder.resolve("log"),
            ProcessEnd.Signal.TERM,
            Duration.ofSeconds(1));
    SupervisedProcess process = new SupervisedProcess(missing, watcher());
    // With setsid in front the program is looked for in the child, and the child's end says so.
    try (process) {
      process.start();
      await().until(() -> process.restarts() > 0);
      assertThat(process.lastEnd()).startsWith("exited with");
    } catch (IOException withoutSetsid) {
      assertThat(withoutSetsid).hasMessageContaining("/nonexistent/program");
    }
  }

  @Test
  void variablesOfAnotherMesh_doNotReachTheChild() {
    Map<String, String> environment = new HashMap<>();
    environment.put("AGENTWEAVE_SERVER_PORT", "1");
    environment.put("SPIFFE_ENDPOINT_SOCKET", "unix:///elsewhere");
    environment.put("PATH", "/bin");
    SupervisedProcess.removeMeshVariables(environment);
    assertThat(environment).containsOnlyKeys("PATH");
  }

  @Test
  void aLog_staysWithinTwiceItsLimit_andKeepsTheNewest() throws Exception {
    Path log = folder.resolve("bounded");
    byte[] lines = "0123456789abcde\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    new BoundedLog(log, 50_000).copy(new ByteArrayInputStream(lines));
    new BoundedLog(log, 50_000)
        .copy(new ByteArrayInputStream("the last\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(log).content().endsWith("the last\n");
    assertThat(Files.size(log) + Files.size(folder.resolve("bounded.1"))).isLessThan(2 * 70_000);
  }

  @Test
  void theWaitAfterAFailure_growsToItsBound_andIsJittered() {
    BackOff backOff = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(2), new Random(1));
    long most = 0;
    for (int i = 0; i < 200; i++) {
      long wait = backOff.afterFailure().toMillis();
      assertThat(wait).isBetween(0L, Math.min(2000, 100L << Math.min(i, 10)));
      most = Math.max(most, wait);
    }
    assertThat(most).isGreaterThan(1800);
    backOff.reset();
    assertThat(backOff.afterFailure()).isLessThanOrEqualTo(Duration.ofMillis(100));
  }

  private SupervisedProcess shell(String script) {
    return new SupervisedProcess(spec(script, Duration.ofMinutes(1)), watcher());
  }

  private ProcessSpec spec(String script, Duration patience) {
    return new ProcessSpec(
        "child",
        List.of("sh", "-c", script),
        Map.of("MARK", "1"),
        folder.resolve("log"),
        ProcessEnd.Signal.TERM,
        patience);
  }

  private static void start(SupervisedProcess process) {
    try {
      process.start();
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
    assertThatThrownBy(process::start).isInstanceOf(IllegalStateException.class);
  }

  private SupervisedProcess.Watcher watcher() {
    return new SupervisedProcess.Watcher() {
      @Override
      public void started(ProcessRef process) {
        seen.add(process);
      }

      @Override
      public void ended(ProcessRef process) {
        gone.add(process);
      }
    };
  }
}
