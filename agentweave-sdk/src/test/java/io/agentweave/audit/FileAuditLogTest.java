package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.audit.AuditReceipt.Unwritable;
import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.journal.DirectoryInUseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuditLogTest {
  private static final TestSvid SVID = new TestSvid();

  @TempDir Path directory;

  private FileAuditLog open(AuditSettings settings) throws IOException {
    return FileAuditLog.open(settings, SVID.signer(Events.AGENT.toString()));
  }

  private AuditSettings settings() {
    return AuditSettings.of(directory, Events.AGENT);
  }

  private Intact intact() throws IOException {
    AuditVerification found =
        AuditVerifier.selfContained()
            .expectAgent(Events.AGENT)
            .expectAuthorities(List.of(SVID.authority()))
            .verify(directory);
    assertThat(found).isInstanceOf(Intact.class);
    return (Intact) found;
  }

  @Test
  void directoryInUse_isRefusedByName() throws IOException {
    try (FileAuditLog log = open(settings())) {
      assertThatThrownBy(() -> open(settings()))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("in use by process");
      assertThat(log.record(Events.decided(1))).isEqualTo(new Written(1));
    }
  }

  @Test
  void directoryOfAnotherAgent_isRefusedByName() throws IOException {
    open(settings()).close();

    assertThatThrownBy(() -> open(AuditSettings.of(directory, Events.OTHER)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Events.AGENT.toString());
  }

  @Test
  void closedLog_refusesEvents() throws IOException {
    FileAuditLog log = open(settings());
    log.close();
    log.close();

    assertThat(log.record(Events.decided(1))).isInstanceOf(Unwritable.class);
  }

  @Test
  void writtenEvent_isWithTheSystemBeforeRecordReturns() throws IOException {
    try (FileAuditLog log = open(settings())) {
      for (int i = 1; i <= 200; i++) {
        assertThat(log.record(Events.refused(i))).isEqualTo(new Written(i));

        assertThat(new AuditReader(directory).find(AuditReader.Id.REQUEST, "request-" + i))
            .hasSize(1);
      }
    }
  }

  @Test
  void writtenEvent_isInTheFileSoon() throws IOException {
    try (FileAuditLog log = open(settings())) {
      log.record(Events.refused(1));

      Path file = directory.resolve("audit-0000000000000001.jsonl");
      await()
          .untilAsserted(
              () ->
                  assertThat(Files.readString(file))
                      .startsWith("{\"seq\":1,\"time\":\"")
                      .contains(
                          "\"agent\":\"spiffe://agentweave.io/agent/processor\",\"event\":\"ended\"")
                      .endsWith("\"}\n"));
    }
  }

  @Test
  void muchThatWaits_isInTheFileBeforeItIsForced() throws IOException {
    AuditSettings usual = settings();
    AuditSettings neverForced =
        new AuditSettings(
            directory,
            Events.AGENT,
            usual.maxFileBytes(),
            Duration.ofHours(1),
            usual.checkpointRecords(),
            Duration.ofHours(1),
            usual.copy());
    try (FileAuditLog log = open(neverForced)) {
      Path file = directory.resolve("audit-0000000000000001.jsonl");
      for (int round = 1; round <= 3; round++) {
        long before = Files.size(file);
        for (int i = 1; i <= 300; i++) {
          log.record(Events.decided(i));
        }

        await().untilAsserted(() -> assertThat(Files.size(file)).isGreaterThan(before + 100_000));
      }
    }
    assertThat(intact().records()).isGreaterThanOrEqualTo(900);
  }

  @Test
  void chainGoesOnAcrossRotationsAndRestarts() throws IOException {
    int written = 0;
    for (int run = 0; run < 3; run++) {
      try (FileAuditLog log = open(settings().withMaxFileBytes(10_000))) {
        for (int i = 0; i < 100; i++) {
          assertThat(log.record(Events.decided(written++))).isInstanceOf(Written.class);
        }
      }
    }
    Intact intact = intact();
    assertThat(intact.files()).isGreaterThan(10);
    assertThat(intact.records()).as("with a checkpoint for each run").isEqualTo(303);
    assertThat(intact.signedUpTo()).isEqualTo(302);
  }

  @Test
  void concurrentCallers_getDifferentSequencesWithoutGaps() throws Exception {
    List<Long> sequences = new ArrayList<>();
    try (FileAuditLog log = open(settings());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<AuditReceipt>> receipts = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        int number = i;
        receipts.add(callers.submit(() -> log.record(Events.ended(number))));
      }
      for (Future<AuditReceipt> receipt : receipts) {
        sequences.add(((Written) receipt.get()).sequence());
      }
    }
    assertThat(sequences).doesNotHaveDuplicates().hasSize(5_000);
    assertThat(intact().records()).isBetween(5_001L, 5_010L);
  }

  @Test
  void interruptedCallers_harmNeitherTheLogNorOthers() throws Exception {
    List<Long> sequences = new ArrayList<>();
    try (FileAuditLog log = open(settings().withMaxFileBytes(100_000));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Long>>> written = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int caller = i;
        written.add(callers.submit(() -> recordInterrupted(log, caller)));
      }
      for (Future<List<Long>> one : written) {
        sequences.addAll(one.get());
      }
      assertThat(log.writable()).isTrue();
    }
    assertThat(sequences).doesNotHaveDuplicates().hasSize(64 * 100);
    assertThat(intact().records()).isGreaterThan(64 * 100);
  }

  private static List<Long> recordInterrupted(FileAuditLog log, int caller) {
    List<Long> sequences = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (i % 2 == caller % 2) {
        Thread.currentThread().interrupt();
      }
      sequences.add(((Written) log.record(Events.decided(caller * 1000 + i))).sequence());
      assertThat(Thread.interrupted()).as("the interrupt is kept").isEqualTo(i % 2 == caller % 2);
      Thread.yield();
    }
    return sequences;
  }

  @Test
  void tornLastLine_isMovedAsideAndNoted() throws IOException {
    try (FileAuditLog log = open(settings())) {
      log.record(Events.decided(1));
    }
    Path file = directory.resolve("audit-0000000000000001.jsonl");
    Files.writeString(file, "{\"seq\":3,\"time\":\"2026", StandardOpenOption.APPEND);

    open(settings()).close();

    AuditRecord noted = new AuditReader(directory).last(2).getFirst();
    assertThat(noted.sequence()).isEqualTo(3);
    assertThat(noted.entry())
        .isInstanceOfSatisfying(
            AuditEvent.Noticed.class,
            noticed -> {
              assertThat(noticed.kind()).isEqualTo("audit_torn_tail");
              assertThat(noticed.detail()).startsWith("21 bytes").contains("torn-");
            });
    try (var files = Files.list(directory)) {
      assertThat(files.filter(f -> f.toString().endsWith(".bin")))
          .singleElement()
          .satisfies(f -> assertThat(Files.readString(f)).isEqualTo("{\"seq\":3,\"time\":\"2026"));
    }
    assertThat(intact().records()).isEqualTo(4);
  }

  @Test
  void logCutBelowHead_isNotContinued() throws IOException {
    try (FileAuditLog log = open(settings())) {
      log.record(Events.decided(1));
      log.record(Events.decided(2));
    }
    Path file = directory.resolve("audit-0000000000000001.jsonl");
    String first = Files.readAllLines(file).getFirst();
    Files.writeString(file, first + "\n");

    assertThatThrownBy(() -> open(settings()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tampered");
    assertThat(Files.readAllLines(file)).as("the evidence is left alone").hasSize(1);
  }

  @Test
  void unsignedRecords_areSignedWithinTheInterval() throws IOException {
    try (FileAuditLog log = open(settings().withCheckpoints(1000, Duration.ofMillis(50)))) {
      log.record(Events.decided(1));

      await().untilAsserted(() -> assertThat(intact().signedUpTo()).isEqualTo(1));
    }
  }

  @Test
  void manyRecords_areSignedBeforeTheInterval() throws IOException {
    try (FileAuditLog log = open(settings().withCheckpoints(10, Duration.ofHours(1)))) {
      for (int i = 0; i < 10; i++) {
        log.record(Events.decided(i));
      }
      await().untilAsserted(() -> assertThat(intact().signedUpTo()).isEqualTo(10));
    }
  }

  @Test
  void signerWithoutKey_isNotedOnceAndStopsNothing() throws IOException {
    AuditSigner none =
        message -> {
          throw new IllegalStateException("SVID withdrawn");
        };
    try (FileAuditLog log =
        FileAuditLog.open(settings().withCheckpoints(1, Duration.ofMillis(1)), none)) {
      log.record(Events.decided(1));
      await().until(() -> new AuditReader(directory).last(10).size() >= 2);
      assertThat(log.record(Events.decided(2))).isInstanceOf(Written.class);
    }
    assertThat(new AuditReader(directory).last(10).stream().map(AuditRecord::entry))
        .filteredOn(AuditEvent.Noticed.class::isInstance)
        .containsExactly(new AuditEvent.Noticed("audit_unsigned", "SVID withdrawn", null));
    assertThat(intact().signedUpTo()).isZero();
  }

  /** A stream with a lock of its own may use up the news that there is more to copy. */
  @Test
  void copyToAStreamThatMakesItWait_comesWithoutAnotherRecord() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch more = new CountDownLatch(1);
    ByteArrayOutputStream copy =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            inside.countDown();
            await().until(() -> more.getCount() == 0);
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
          }
        };
    Path file = directory.resolve("audit-0000000000000001.jsonl");
    try (FileAuditLog log = open(settings().withCopyTo(copy))) {
      log.record(Events.decided(1));
      inside.await();
      long before = Files.size(file);
      log.record(Events.decided(2));
      await().until(() -> Files.size(file) > before);
      more.countDown();

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> copy.toString(StandardCharsets.UTF_8).lines().count() == 2);
    }
  }

  @Test
  void copy_getsEveryLineInOrderAcrossRotations() throws IOException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (FileAuditLog log = open(settings().withMaxFileBytes(5_000).withCopyTo(copy))) {
      for (int i = 0; i < 200; i++) {
        log.record(Events.decided(i));
      }
    }
    StringBuilder all = new StringBuilder();
    for (AuditFile file : AuditFile.list(directory)) {
      all.append(Files.readString(file.path()));
    }
    assertThat(copy.toString(StandardCharsets.UTF_8)).isEqualTo(all.toString());
  }
}
