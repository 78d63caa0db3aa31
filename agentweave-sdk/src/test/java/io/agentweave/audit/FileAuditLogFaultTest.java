package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.audit.AuditReceipt.Unwritable;
import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.journal.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuditLogFaultTest {
  private static final TestSvid SVID = new TestSvid();

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();

  private FileAuditLog open() throws IOException {
    return open(AuditSettings.of(directory, Events.AGENT));
  }

  private FileAuditLog open(AuditSettings settings) throws IOException {
    return FileAuditLog.open(
        settings, SVID.signer(Events.AGENT.toString()), disk, InstantSource.system());
  }

  private void verify() throws IOException {
    assertThat(AuditVerifier.selfContained().verify(directory)).isInstanceOf(Intact.class);
  }

  @Test
  void fullDisk_refusesAndLeavesNothingHalfRecorded() throws IOException {
    try (FileAuditLog log = open()) {
      log.record(Events.decided(1));
      Path file = directory.resolve("audit-0000000000000001.jsonl");
      long good = Files.size(file);
      disk.leaveFree(100);

      assertThat(log.record(Events.decided(2)))
          .isEqualTo(new Unwritable("No space left on device"));
      assertThat(log.writable()).isFalse();
      assertThat(Files.size(file)).isEqualTo(good);
    }
    verify();
  }

  @Test
  void spaceAgain_isNoticedWithoutACallAndTheGapIsTold() throws IOException {
    try (FileAuditLog log = open()) {
      disk.leaveFree(0);
      log.record(Events.decided(1));
      log.record(Events.decided(2));
      assertThat(log.writable()).isFalse();

      disk.leaveFree(Long.MAX_VALUE);

      await().until(log::writable);
      assertThat(log.record(Events.decided(3))).isEqualTo(new Written(2));
    }
    List<AuditRecord> records = new AuditReader(directory).last(10);
    assertThat(records.getFirst().entry())
        .isInstanceOfSatisfying(
            AuditEvent.Noticed.class,
            noticed -> {
              assertThat(noticed.kind()).isEqualTo("audit_unwritable");
              assertThat(noticed.detail())
                  .startsWith("No space left on device; 2 events refused in ");
            });
    verify();
  }

  @Test
  void faultWhileTheKeeperSleeps_wakesIt() throws IOException {
    try (FileAuditLog log = open()) {
      await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .filter(thread -> thread.getName().equals("audit-keeper"))
                      .allMatch(thread -> thread.getState() == Thread.State.WAITING));
      disk.leaveFree(10);
      assertThat(log.record(Events.decided(1))).isInstanceOf(Unwritable.class);
      disk.leaveFree(Long.MAX_VALUE);

      await().until(log::writable);
    }
  }

  @Test
  void tailThatCantBeTakenBack_keepsRefusingUntilItCan() throws IOException {
    try (FileAuditLog log = open()) {
      log.record(Events.decided(1));
      disk.refuseTruncate(true);
      disk.leaveFree(50);
      assertThat(log.record(Events.decided(2))).isInstanceOf(Unwritable.class);
      disk.leaveFree(Long.MAX_VALUE);
      assertThat(log.record(Events.decided(3)))
          .as("half a record would come before it")
          .isInstanceOf(Unwritable.class);

      disk.refuseTruncate(false);

      await().until(log::writable);
      assertThat(log.record(Events.decided(4))).isInstanceOf(Written.class);
    }
    verify();
  }

  @Test
  void diskThatDoesNotForce_refusesUntilWhatItTookIsWrittenAgain() throws IOException {
    try (FileAuditLog log = open()) {
      disk.refuseForce(true);
      assertThat(log.record(Events.decided(1))).isEqualTo(new Written(1));

      await().until(() -> !log.writable());
      assertThat(log.record(Events.decided(2))).isEqualTo(new Unwritable("Input/output error"));

      disk.refuseForce(false);
      await().until(log::writable);
      assertThat(log.record(Events.decided(3))).isInstanceOf(Written.class);
    }
    verify();
    assertThat(new AuditReader(directory).find(AuditReader.Id.REQUEST, "request-1")).hasSize(1);
    assertThat(new AuditReader(directory).find(AuditReader.Id.REQUEST, "request-2")).isEmpty();
  }

  @Test
  void recordsThatTheDiskLostAfterAFailedForce_keepTheLogUnwritable() throws IOException {
    try (FileAuditLog log = open()) {
      disk.refuseForce(true);
      log.record(Events.decided(1));
      await().until(() -> !log.writable());
      Path file = directory.resolve("audit-0000000000000001.jsonl");
      Files.writeString(file, Files.readString(file).replace("request-1", "request-9"));
      int forces = disk.forces();
      disk.refuseForce(false);

      await().until(() -> disk.forces() == forces && !log.writable());
      assertThat(log.record(Events.decided(2))).isInstanceOf(Unwritable.class);
    }
  }

  @Test
  void quietLog_isForcedInGroups() throws IOException {
    try (FileAuditLog log = open()) {
      int before = disk.forces();
      long since = System.nanoTime();
      for (int i = 0; i < 2_000; i++) {
        log.record(Events.decided(i));
      }
      await().until(() -> disk.forces() > before);
      int forces = disk.forces() - before;
      Duration interval = AuditSettings.of(directory, Events.AGENT).syncInterval();
      long intervals = (System.nanoTime() - since) / interval.toNanos();
      assertThat((long) forces).isLessThan(100 + 2 * intervals);
    }
  }
}
