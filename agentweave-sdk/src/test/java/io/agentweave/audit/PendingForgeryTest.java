package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.audit.AuditVerification.Broken;
import io.agentweave.audit.AuditVerification.Intact;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody with write access could do to the records that are not in a file yet. Each of it
 * could be done to the last lines of a file as well; none of it may be noticed less.
 */
class PendingForgeryTest {
  @TempDir Path folder;
  private Path directory;
  private Path pending;

  @BeforeEach
  void leaveADeadLog() throws IOException {
    directory = folder.resolve("dead");
    DeadLog.leave(directory, folder.resolve("work"));
    pending = directory.resolve(PendingFile.NAME);
  }

  private void change(Consumer<byte[]> change) throws IOException {
    byte[] bytes = Files.readAllBytes(pending);
    change.accept(bytes);
    Files.write(pending, bytes);
  }

  /** Where in the file the first byte of this text is. */
  private static int find(byte[] bytes, String text) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).as(text).isNotNegative();
    return at;
  }

  private static void replace(byte[] bytes, String text, String by) {
    byte[] written = by.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(written, 0, bytes, find(bytes, text), written.length);
  }

  private List<String> notesAfterReopening() throws IOException {
    DeadLog.open(directory).close();
    assertThat(DeadLog.verify(directory)).isInstanceOf(Intact.class);
    return DeadLog.entries(directory).stream()
        .filter(AuditEvent.Noticed.class::isInstance)
        .map(entry -> ((AuditEvent.Noticed) entry).kind())
        .toList();
  }

  @Test
  void untouched_isSeenBeforeAnyoneReopensTheLog() throws IOException {
    assertThat(DeadLog.verify(directory))
        .isInstanceOfSatisfying(
            Intact.class,
            intact -> {
              assertThat(intact.records()).isEqualTo(9);
              assertThat(intact.lastSequence()).isEqualTo(9);
              assertThat(intact.signedUpTo()).isEqualTo(3);
            });
    assertThat(new AuditReader(directory).find(AuditReader.Id.REQUEST, "request-8")).hasSize(1);
    assertThat(new AuditReader(directory).last(2))
        .extracting(AuditRecord::entry)
        .containsExactly(Events.decided(7), Events.decided(8));
    assertThat(notesAfterReopening()).isEmpty();
  }

  @Test
  void editedRecord_isNamed_andReopeningKeepsTheEvidence() throws IOException {
    change(bytes -> replace(bytes, "request-7", "request-9"));

    assertThat(DeadLog.verify(directory))
        .isEqualTo(
            new Broken(
                PendingFile.NAME,
                2,
                8,
                "the record was changed: its contents do not have its hash"));
    assertThat(notesAfterReopening()).containsExactly("audit_torn_tail");
    assertThat(directory.resolve("torn-0000000000000008-pending.bin"))
        .content()
        .contains("request-9")
        .contains("request-8");
  }

  @Test
  void recordOfAnotherPlace_isNamed() throws IOException {
    change(
        bytes -> {
          int first = find(bytes, "{\"seq\":7");
          int second = find(bytes, "{\"seq\":8");
          System.arraycopy(bytes.clone(), second, bytes, first, second - first);
        });

    assertThat(DeadLog.verify(directory))
        .isEqualTo(new Broken(PendingFile.NAME, 1, 7, "record 7 is missing"));
  }

  @Test
  void removedFile_isFound_andReopeningTells() throws IOException {
    Files.delete(pending);

    assertThat(DeadLog.verify(directory))
        .isEqualTo(new Broken(PendingFile.NAME, 0, 0, "the file of pending records is missing"));
    assertThat(notesAfterReopening()).containsExactly("audit_pending_missing");
  }

  @Test
  void cutOrOverwrittenFile_isFound_andReopeningKeepsTheEvidence() throws IOException {
    byte[] good = Files.readAllBytes(pending);
    byte[] zeros = new byte[good.length];
    byte[] tooMany = good.clone();
    ByteBuffer.wrap(tooMany)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(PendingFile.NUMBERS_AT, PendingFile.number(1, PendingFile.HALF_BYTES + 1));
    for (byte[] bad :
        List.of(new byte[0], "short".getBytes(StandardCharsets.UTF_8), zeros, tooMany)) {
      Files.write(pending, bad);
      assertThat(DeadLog.verify(directory))
          .isEqualTo(new Broken(PendingFile.NAME, 0, 0, "the file of pending records is damaged"));
    }
    assertThat(notesAfterReopening()).containsExactly("audit_pending_damaged");
    assertThat(directory.resolve("torn-0000000000000007-pending.bin")).hasBinaryContent(tooMany);
  }

  @Test
  void takenBackRecords_areAsUnnoticedAsLinesCutOffAFileAfterTheLastCheckpoint()
      throws IOException {
    change(
        bytes -> {
          for (int half = 0; half < 2; half++) {
            ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(PendingFile.NUMBERS_AT + Long.BYTES * half, PendingFile.number(half, 0));
          }
        });

    assertThat(DeadLog.verify(directory))
        .isInstanceOfSatisfying(
            Intact.class, intact -> assertThat(intact.lastSequence()).isEqualTo(6));
  }

  @Test
  void oldPendingFileInALogThatHasGoneOn_bringsNothingBack() throws IOException {
    byte[] old = Files.readAllBytes(pending);
    DeadLog.open(directory).close();
    List<AuditEntry> before = DeadLog.entries(directory);
    Files.write(pending, old);

    assertThat(DeadLog.verify(directory)).isInstanceOf(Intact.class);
    assertThat(DeadLog.entries(directory)).isEqualTo(before);
    DeadLog.open(directory).close();
    assertThat(DeadLog.entries(directory)).isEqualTo(before);
  }

  @Test
  void pagesThatAPowerFailureMixed_areNoTampering() throws IOException {
    change(
        bytes -> {
          bytes[PendingFile.MAGIC.length] ^= 1; // another boot
          replace(bytes, "{\"seq\":8", "\0\0\0\0\0\0\0\0");
        });

    assertThat(DeadLog.verify(directory))
        .isInstanceOfSatisfying(
            Intact.class,
            intact -> {
              assertThat(intact.lastSequence()).isEqualTo(7);
              assertThat(intact.unfinishedBytes()).isPositive();
            });
    assertThat(notesAfterReopening()).containsExactly("audit_torn_tail");
    assertThat(DeadLog.entries(directory)).contains(Events.decided(6));
  }

  @Test
  void editWhileTheAgentRuns_doesNotReachItsLog() throws IOException {
    Path live = folder.resolve("live");
    try (FileAuditLog log = DeadLog.open(live)) {
      log.record(Events.decided(1));
      byte[] bytes = Files.readAllBytes(live.resolve(PendingFile.NAME));
      replace(bytes, "request-1", "request-9");
      try (var file = new RandomAccessFile(live.resolve(PendingFile.NAME).toFile(), "rw")) {
        file.write(bytes);
      }
      log.append();
    }
    assertThat(DeadLog.verify(live)).isInstanceOf(Intact.class);
    assertThat(DeadLog.entries(live)).contains(Events.decided(1));
  }

  @Test
  void removedWhileTheAgentRuns_isNoticedToldAndMadeAnew() throws IOException {
    Path live = folder.resolve("live");
    try (FileAuditLog log = running(live)) {
      log.record(Events.decided(1));
      Files.delete(live.resolve(PendingFile.NAME));
      recordUntil(log, () -> Files.exists(live.resolve(PendingFile.NAME)));
      await().until(log::writable);
      assertThat(log.record(Events.decided(2))).isInstanceOf(Written.class);
    }
    assertThat(DeadLog.entries(live)).contains(Events.decided(1), Events.decided(2));
    assertThat(DeadLog.entries(live).toString()).contains("pending was removed");
  }

  @Test
  void cutOffWhileTheAgentRuns_stopsNeitherTheAgentNorItsLog() throws IOException {
    Path live = folder.resolve("live");
    try (FileAuditLog log = running(live)) {
      log.record(Events.decided(1));
      Files.write(live.resolve(PendingFile.NAME), new byte[0]);
      recordUntil(log, () -> Files.size(live.resolve(PendingFile.NAME)) > 0);
      await().until(log::writable);
      assertThat(log.record(Events.decided(2))).isInstanceOf(Written.class);
    }
    assertThat(DeadLog.entries(live)).contains(Events.decided(1), Events.decided(2));
    assertThat(DeadLog.verify(live)).isInstanceOf(Intact.class);
  }

  private static FileAuditLog running(Path live) throws IOException {
    return FileAuditLog.open(AuditSettings.of(live, Events.AGENT), DeadLog.signer());
  }

  private static void recordUntil(FileAuditLog log, Callable<Boolean> seen) {
    await()
        .until(
            () -> {
              log.record(Events.decided(0));
              return seen.call();
            });
  }

  @Test
  void runningLog_isIntactAtEveryLook() throws Exception {
    Path live = folder.resolve("live");
    try (FileAuditLog log = running(live);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writing =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(caller -> callers.submit(() -> record(log, caller)))
              .toList();
      int looks = 0;
      while (looks < 20 || !writing.stream().allMatch(Future::isDone)) {
        assertThat(AuditVerifier.selfContained().verify(live)).isInstanceOf(Intact.class);
        looks++;
      }
      for (Future<?> one : writing) {
        one.get();
      }
    }
  }

  private static void record(FileAuditLog log, int caller) {
    for (int i = 0; i < 4_000; i++) {
      assertThat(log.record(Events.decided(caller * 10_000 + i))).isInstanceOf(Written.class);
      Thread.yield();
    }
  }
}
