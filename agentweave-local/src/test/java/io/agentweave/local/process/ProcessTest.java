package io.agentweave.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessTest {

  @Test
  void aProcessThatStartedAtAnotherTime_isAnotherProcess() {
    ProcessRef self = ProcessRef.self();

    assertThat(self.alive()).isTrue();
    assertThat(new ProcessRef(self.pid(), "1").alive()).isFalse();
    assertThat(
            ProcessEnd.end(new ProcessRef(self.pid(), "1"), ProcessEnd.Signal.TERM, Duration.ZERO))
        .as("this test still runs")
        .isTrue();
  }

  @Test
  void aProcessThatEnded_isGone() throws Exception {
    Process child = new ProcessBuilder("sleep", "600").start();
    ProcessRef ref = ProcessRef.of(child.pid()).orElseThrow();
    assertThat(ref.alive()).isTrue();

    assertThat(ProcessEnd.end(ref, ProcessEnd.Signal.TERM, Duration.ofMinutes(2))).isTrue();
    child.waitFor();
    assertThat(ref.alive()).isFalse();
    assertThat(ProcessRef.of(child.pid())).isEmpty();
  }

  @Test
  void aProcessThatIgnoresTheSignal_isKilledAfterItsTime() throws Exception {
    Process child =
        new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done")
            .start();
    assertThat(child.inputReader().readLine()).isEqualTo("ready");
    ProcessRef ref = ProcessRef.of(child.pid()).orElseThrow();

    assertThat(ProcessEnd.end(ref, ProcessEnd.Signal.TERM, Duration.ofMillis(200))).isFalse();
    child.waitFor();
    assertThat(ref.alive()).isFalse();
  }

  @Test
  void aNameWithBlanksAndParentheses_doesNotHideTheStartTime() throws Exception {
    Process child =
        new ProcessBuilder(
                "sh",
                "-c",
                "cp \"$(command -v sleep)\" \"$0\"; exec \"$0\" 600",
                Path.of("target", "a ) b (c").toAbsolutePath().toString())
            .start();
    try {
      org.awaitility.Awaitility.await()
          .until(
              () ->
                  ProcessRef.of(child.pid())
                      .flatMap(ProcessCommand::of)
                      .filter(command -> command.executable().endsWith("a ) b (c"))
                      .isPresent());
      assertThat(ProcessRef.of(child.pid()).orElseThrow().alive()).isTrue();
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void theProgramOfAJavaLauncher_isFoundBehindItsOptions() {
    assertThat(
            java(
                "-Xmx1g",
                "--add-opens",
                "a/b=ALL-UNNAMED",
                "-cp",
                "/a.jar:/lib/*",
                "a.Main",
                "-cp",
                "/evil"))
        .isEqualTo(
            new ProcessCommand.JavaProgram(
                "a.Main", List.of(Path.of("/a.jar"), Path.of("/lib/*"))));
    assertThat(java("-jar", "/a.jar", "x"))
        .isEqualTo(new ProcessCommand.JavaProgram("", List.of(Path.of("/a.jar"))));
    assertThat(new ProcessCommand(Path.of("/bin/sh"), List.of("-cp", "/a.jar", "a.Main")).java())
        .isEmpty();
  }

  private static ProcessCommand.JavaProgram java(String... arguments) {
    return new ProcessCommand(Path.of("/jdk/bin/java"), List.of(arguments)).java().orElseThrow();
  }
}
