package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.journal.Disk;
import io.agentweave.journal.WatchedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process may die between any two changes to its files, and in the middle of each. */
class AuditCrashPointsTest {
  @TempDir Path folder;

  private final List<AuditEvent> acknowledged = new ArrayList<>();
  private final List<Death> deaths = new ArrayList<>();

  /** The directory as it was, and what had been acknowledged by then. */
  private record Death(Path directory, List<AuditEvent> acknowledged) {}

  private void die(Path directory) throws IOException {
    Path copy = folder.resolve("death-" + deaths.size());
    DeadLog.copy(directory, copy);
    deaths.add(new Death(copy, List.copyOf(acknowledged)));
  }

  private void record(FileAuditLog log, int number) {
    AuditEvent event = Events.decided(number);
    if (log.record(event) instanceof Written) {
      acknowledged.add(event);
    }
  }

  private static void nothingIsLost(Death death) throws IOException {
    assertThat(DeadLog.verify(death.directory())).isInstanceOf(Intact.class);
    assertThat(DeadLog.entries(death.directory())).containsAll(death.acknowledged());

    DeadLog.open(DeadLog.patient(death.directory()), new WatchedDisk(file -> {})).close();

    assertThat(DeadLog.verify(death.directory())).isInstanceOf(Intact.class);
    assertThat(DeadLog.entries(death.directory()))
        .containsAll(death.acknowledged())
        .filteredOn(AuditEvent.Decided.class::isInstance)
        .doesNotHaveDuplicates();
  }

  @Test
  void deathAtAnyPoint_losesNoAcknowledgedRecordAndLooksLikeNoTampering() throws IOException {
    Path directory = folder.resolve("audit");
    AtomicReference<FileAuditLog> running = new AtomicReference<>();
    WatchedDisk disk =
        new WatchedDisk(
            file -> {
              FileAuditLog log = running.get();
              // While one half goes into a file, the other grows.
              if (log != null && AuditFile.of(file).isPresent() && deaths.size() % 2 == 1) {
                running.set(null);
                record(log, 1000 + deaths.size());
                running.set(log);
              }
              if (log != null) {
                die(directory);
              }
            });
    AuditSettings settings = DeadLog.patient(directory).withMaxFileBytes(2_500);
    try (FileAuditLog log = DeadLog.open(settings, disk)) {
      running.set(log);
      for (int i = 1; i <= 4; i++) {
        record(log, i);
      }
      log.append();
      record(log, 5);
      log.checkpoint();
      record(log, 6);
      log.append();
      record(log, 7);
    }
    assertThat(deaths).hasSizeGreaterThan(50);
    assertThat(acknowledged).as("also while a half was on its way").hasSizeGreaterThan(10);
    for (Death death : deaths) {
      nothingIsLost(death);
    }
  }

  @Test
  void deathAtAnyPointOfARecovery_losesNoAcknowledgedRecord() throws IOException {
    Path directory = folder.resolve("audit");
    DeadLog.leave(directory, folder.resolve("work"));
    for (int i = 1; i <= 8; i++) {
      acknowledged.add(Events.decided(i));
    }

    DeadLog.open(DeadLog.patient(directory), new WatchedDisk(file -> die(directory))).close();

    assertThat(deaths).hasSizeGreaterThan(10);
    for (Death death : deaths) {
      nothingIsLost(death);
    }
  }

  @Test
  void tornLineThatIsPendingAsAWhole_isMovedAsideAndComesWhole() throws IOException {
    Path directory = folder.resolve("audit");
    DeadLog.leave(directory, folder.resolve("work"));
    Path file = AuditFile.startingAt(directory, 1).path();
    byte[] torn = "{\"seq\":7,\"time\":\"2026".getBytes(StandardCharsets.UTF_8);
    Files.write(file, torn, StandardOpenOption.APPEND);

    assertThat(DeadLog.verify(directory))
        .isInstanceOfSatisfying(
            Intact.class,
            intact -> {
              assertThat(intact.records()).isEqualTo(9);
              assertThat(intact.unfinishedBytes()).isEqualTo(torn.length);
            });
    DeadLog.open(DeadLog.patient(directory), Disk.local()).close();
    assertThat(DeadLog.entries(directory))
        .contains(Events.decided(6), Events.decided(7), Events.decided(8));
    assertThat(DeadLog.verify(directory)).isInstanceOf(Intact.class);
  }
}
