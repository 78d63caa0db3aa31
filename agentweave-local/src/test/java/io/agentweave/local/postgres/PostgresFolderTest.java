package io.agentweave.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresFolderTest {
  @TempDir private Path folder;

  /** Stands for an initdb that works for as long as it is let, and takes its time to end. */
  private Path programs() throws IOException {
    Path initdb = Files.createDirectories(folder.resolve("programs/bin")).resolve("initdb");
    Files.writeString(
        initdb,
        """
        #!/bin/sh
        folder=${1#--pgdata=}
        mkdir "$folder"
        echo $$ >"$folder/pid"
        trap 'echo asked >"$folder/../asked"; exit 1' TERM
        while :; do echo x >>"$folder/data"; sleep 0.05; done
        """);
    Files.setPosixFilePermissions(initdb, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder.resolve("programs");
  }

  @Test
  void interruptedInitialisation_endsItsProcess_andLeavesNoHalfWrittenFolder() throws Exception {
    Path home = folder.resolve("postgres");
    Path programs = programs();
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread opening =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    PostgresFolder.open(home, programs);
                  } catch (Exception e) {
                    thrown.set(e);
                  }
                });
    await().until(() -> Files.exists(home.resolve("data.unfinished/data")));
    long pid = Long.parseLong(Files.readString(home.resolve("data.unfinished/pid")).strip());

    // Again and again, as whoever stops a mesh that starts does it.
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              opening.interrupt();
              return !opening.isAlive();
            });

    assertThat(thrown.get()).isInstanceOf(IOException.class).hasMessageContaining("interrupted");
    assertThat(home.resolve("asked")).exists();
    assertThat(home.resolve("data.unfinished")).doesNotExist();
    assertThat(home.resolve("data")).doesNotExist();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void whatInitdbComplainsOf_isPickedFromAllThatItSays() {
    assertThat(
            PostgresFolder.complaint(
                List.of(
                    "The files belonging to this database system will be owned by user \"nobody\".",
                    "running bootstrap script ... FATAL:  could not extend file: No space left",
                    "HINT:  Check free disk space.",
                    "initdb: error: the child exited",
                    "initdb: removing data directory")))
        .isEqualTo(
            "running bootstrap script ... FATAL:  could not extend file: No space left;"
                + " initdb: error: the child exited");
    assertThat(PostgresFolder.complaint(List.of("one", "two"))).isEqualTo("two");
    assertThat(PostgresFolder.complaint(List.of())).isEqualTo("it said nothing");
  }
}
