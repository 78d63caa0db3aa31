package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.audit.AuditReceipt.Unwritable;
import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.journal.FaultyDisk;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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

  /** Records until one is refused. Returns the numbers of those that were not. */
  private static List<Integer> recordUntilRefused(FileAuditLog log, int from) {
    List<Integer> written = new ArrayList<>();
    int number = from;
    while (log.record(Events.decided(number)) instanceof Written) {
      written.add(number++);
      Thread.yield();
    }
    return written;
  }

  private void areAllThere(List<Integer> written) throws IOException {
    assertThat(new AuditReader(directory).last(Integer.MAX_VALUE).stream())
        .extracting(AuditRecord::entry)
        .containsAll(written.stream().map(Events::decided).toList());
  }

  @Test
  void slowDisk_makesNoCallerWriteWhileThereIsRoom() throws Exception {
    CountDownLatch forcing = new CountDownLatch(1);
    CountDownLatch slow = new CountDownLatch(1);
    Set<Thread> writers = ConcurrentHashMap.newKeySet();
    try (FileAuditLog log = open();
        Closeable _ = slow::countDown) {
      disk.beforeForce(
          () -> {
            forcing.countDown();
            await().until(() -> slow.getCount() == 0);
          });
      log.record(Events.decided(1));
      forcing.await();
      disk.beforeWrite(() -> writers.add(Thread.currentThread()));
      int number = 1;
      while (PendingRecords.read(directory).orElseThrow().lines().length
          < PendingFile.HALF_BYTES * 3L / 2) {
        assertThat(log.record(Events.decided(++number))).isInstanceOf(Written.class);
        assertThat(writers).isEmpty();
      }

      while (writers.isEmpty()) {
        assertThat(log.record(Events.decided(++number))).isInstanceOf(Written.class);
      }

      assertThat(writers).containsExactly(Thread.currentThread());
    }
    verify();
  }

  @Test
  void longLog_isForgottenBehindItsNewestLines_unlessItIsCopied() throws IOException {
    AuditSettings usual = AuditSettings.of(directory, Events.AGENT);
    try (FileAuditLog log = open(usual.withMaxFileBytes(3 << 20))) {
      for (int i = 0; i < 3_000; i++) {
        assertThat(log.record(Events.decided(i))).isInstanceOf(Written.class);
      }
      await().until(() -> AuditFile.list(directory).size() == 1 && disk.forces() > 0);
      assertThat(disk.released()).isZero();

      for (int i = 0; i < 12_000; i++) {
        assertThat(log.record(Events.decided(i))).isInstanceOf(Written.class);
      }
      await().until(() -> AuditFile.list(directory).size() > 2);
      long whole = 0;
      for (AuditFile file : AuditFile.list(directory).subList(0, 2)) {
        whole += Files.size(file.path());
      }
      assertThat(disk.released()).isGreaterThanOrEqualTo(whole);
    }
    verify();

    long before = disk.released();
    OutputStream nowhere = OutputStream.nullOutputStream();
    try (FileAuditLog log = open(usual.withMaxFileBytes(1 << 20).withCopyTo(nowhere))) {
      for (int i = 0; i < 6_000; i++) {
        log.record(Events.decided(i));
      }
    }
    assertThat(disk.released()).isEqualTo(before);
  }

  @Test
  void fullDisk_refusesSoonAndLosesNothingThatItTook() throws IOException {
    List<Integer> written;
    try (FileAuditLog log = open()) {
      log.record(Events.decided(1));
      Path file = directory.resolve("audit-0000000000000001.jsonl");
      await().until(() -> Files.size(file) > 0);
      long good = Files.size(file);
      disk.leaveFree(100);

      written = recordUntilRefused(log, 2);

      assertThat(log.record(Events.decided(0)))
          .isEqualTo(new Unwritable("No space left on device"));
      assertThat(log.writable()).isFalse();
      assertThat(Files.size(file)).isEqualTo(good);
    }
    verify();
    areAllThere(written);
    disk.leaveFree(Long.MAX_VALUE);
    open().close();
    verify();
    areAllThere(written);
    assertThat(new AuditReader(directory).find(AuditReader.Id.REQUEST, "request-0")).isEmpty();
  }

  @Test
  void fullDiskAtTheStart_refusesUntilThereIsSpace() throws IOException {
    open().close();
    Files.delete(directory.resolve(PendingFile.NAME));
    disk.leaveFree(100);
    try (FileAuditLog log = open()) {
      assertThat(log.record(Events.decided(1)))
          .isEqualTo(new Unwritable("No space left on device"));
      assertThat(log.writable()).isFalse();

      disk.leaveFree(Long.MAX_VALUE);

      await().until(log::writable);
      assertThat(log.record(Events.decided(2))).isInstanceOf(Written.class);
    }
    verify();
  }

  @Test
  void spaceAgain_isNoticedWithoutACallAndTheGapIsTold() throws IOException {
    try (FileAuditLog log = open()) {
      disk.leaveFree(0);
      List<Integer> written = recordUntilRefused(log, 2);
      log.record(Events.decided(1));
      assertThat(log.writable()).isFalse();

      disk.leaveFree(Long.MAX_VALUE);

      await().until(log::writable);
      assertThat(log.record(Events.decided(1))).isEqualTo(new Written(written.size() + 2));
    }
    assertThat(new AuditReader(directory).last(3).getFirst().entry())
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
  void memoryThatCantBeWritten_refusesTheRecordAndTheLogGoesOnWithANewFile() throws IOException {
    try (FileAuditLog log = open()) {
      log.record(Events.decided(1));
      disk.refusePuts(true);
      assertThat(log.record(Events.decided(2))).isEqualTo(new Unwritable("Input/output error"));
      verify();
      disk.refusePuts(false);

      await().until(log::writable);
      assertThat(log.record(Events.decided(3))).isInstanceOf(Written.class);
    }
    verify();
    areAllThere(List.of(1, 3));
    assertThat(new AuditReader(directory).find(AuditReader.Id.REQUEST, "request-2")).isEmpty();
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
      recordUntilRefused(log, 1);
      disk.leaveFree(Long.MAX_VALUE);

      await().until(log::writable);
    }
  }

  /** Waiting for the lock that the failing record holds uses up the wake-up that it sends. */
  @Test
  void faultWhileTheKeeperGoesToSleep_wakesIt() throws IOException {
    open().close();
    Path file = directory.resolve("audit-0000000000000001.jsonl");
    Files.writeString(file, "{\"seq\":3,\"time\":\"2026", StandardOpenOption.APPEND);
    disk.beforePut(() -> await().until(FileAuditLogFaultTest::keeperWaits));
    disk.refusePuts(true);
    // What was torn is noted as soon as the keeper has started.
    try (FileAuditLog log = open()) {
      disk.beforePut(() -> {});
      assertThat(log.writable()).isFalse();

      disk.refusePuts(false);

      await().atMost(Duration.ofSeconds(20)).until(log::writable);
    }
  }

  private static boolean keeperWaits() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals("audit-keeper"))
        .anyMatch(
            each ->
                each.getKey().getState() == Thread.State.WAITING
                    && Arrays.stream(each.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("sleep")));
  }

  @Test
  void tailThatCantBeTakenBack_keepsRefusingUntilItCan() throws IOException {
    try (FileAuditLog log = open()) {
      log.record(Events.decided(1));
      disk.refuseTruncate(true);
      disk.leaveFree(50);
      recordUntilRefused(log, 2);
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
      assertThat(Files.readString(file)).contains("request-1");
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
