package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.Anything;
import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.agentweave.journal.JsonLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditReaderTest {
  private static final TestSvid SVID = new TestSvid();
  private static final Instant TIME = Instant.parse("2026-11-21T09:30:00.000123Z");

  @TempDir Path folder;

  @Test
  void anyEvent_isReadBackTheSame() {
    Anything.tried(300, any -> isReadBackTheSame(event(any)));
  }

  private static void isReadBackTheSame(AuditEvent event) {
    byte[] line = line(event);
    Optional<AuditRecord> read = RecordReader.read(line, 0, line.length);

    assertThat(read)
        .hasValueSatisfying(
            record -> {
              assertThat(record.entry()).isEqualTo(event);
              assertThat(record.time()).isEqualTo(TIME);
              assertThat(record.sequence()).isEqualTo(1);
              assertThat(record.previousHash())
                  .isEqualTo(ChainLink.origin(Events.AGENT.toString()).hash());
            });
  }

  @Test
  void randomBytes_neverCrashReaderOrVerifier() {
    Anything.tried(300, any -> survives(any.bytes(400)));
  }

  @Test
  void damagedRecord_neverCrashesReaderOrVerifierAndIsNeverIntact() {
    Anything.tried(
        300,
        any -> {
          byte[] line = line(event(any));
          line[any.between(0, line.length - 2)] ^= (byte) any.between(1, 255);
          assertThat(survives(line)).isInstanceOf(AuditVerification.Broken.class);
        });
  }

  private AuditVerification survives(byte[] contents) throws IOException {
    AuditFile file = AuditFile.startingAt(folder, 1);
    Files.write(file.path(), contents);
    AuditReader reader = new AuditReader(folder);
    assertThat(reader.last(5)).hasSizeLessThan(5);
    assertThat(reader.find(AuditReader.Id.REQUEST, "r")).isEmpty();
    assertThat(new AuditTail(folder).next()).isEmpty();
    return AuditVerifier.selfContained().verify(file.path());
  }

  private static byte[] line(AuditEvent event) {
    String agent = Events.AGENT.toString();
    JsonLine line = new JsonLine();
    new RecordWriter(agent, ChainLink.origin(agent)).write(line, TIME, event);
    return Arrays.copyOf(line.bytes(), line.size());
  }

  private static AuditEvent event(Anything any) {
    String word = any.text(40);
    String reason = any.text(40);
    return switch (any.between(0, 2)) {
      case 0 ->
          new AuditEvent.Decided(
              subject(any), any.text(40), word, reason, word, any.text(40), any.coin(), any.coin());
      case 1 ->
          new AuditEvent.Ended(
              subject(any),
              word,
              reason,
              any.orNull(any.text(40)),
              Duration.ofNanos(1_000L * any.between(0, Integer.MAX_VALUE)));
      default -> new AuditEvent.Noticed(word, reason, any.orNull(any.text(40)));
    };
  }

  private static AuditEvent.Subject subject(Anything any) {
    return new AuditEvent.Subject(
        any.text(40),
        any.of(Direction.values()),
        "SendMessage",
        any.text(40),
        any.orNull(any.text(40)),
        any.orNull(any.text(40)),
        any.text(40),
        (int) any.number(),
        any.orNull(new TraceContext(any.text(40), any.text(40), any.coin())));
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void records_areFoundByEachIdAndFollowed() throws IOException {
    Path directory = folder;
    AuditSettings settings = AuditSettings.of(directory, Events.AGENT).withMaxFileBytes(3_000);
    try (FileAuditLog log = FileAuditLog.open(settings, SVID.signer(Events.AGENT.toString()))) {
      AuditTail tail = new AuditReader(directory).follow();
      for (int i = 1; i <= 20; i++) {
        log.record(Events.decided(i));
        log.record(Events.ended(i));
      }
      AuditReader reader = new AuditReader(directory);

      assertThat(reader.find(AuditReader.Id.REQUEST, "request-7"))
          .extracting(AuditRecord::entry)
          .containsExactly(Events.decided(7), Events.ended(7));
      assertThat(reader.find(AuditReader.Id.DECISION, "decision-20")).hasSize(2);
      assertThat(reader.find(AuditReader.Id.TRACE, "4bf92f3577b34da6a3ce929d0e0e000a"))
          .extracting(AuditRecord::sequence)
          .containsExactly(19L, 20L);
      assertThat(reader.find(AuditReader.Id.REQUEST, "request")).isEmpty();
      assertThat(reader.last(3))
          .extracting(AuditRecord::sequence)
          .isEqualTo(List.of(38L, 39L, 40L));
      List<AuditRecord> followed = new ArrayList<>();
      await().until(() -> followed.addAll(tail.next()) && followed.size() >= 40);
      assertThat(followed).extracting(AuditRecord::sequence).isEqualTo(numbers(1, 40));
      assertThat(tail.next()).isEmpty();
      log.record(Events.refused(21));
      await().until(() -> followed.addAll(tail.next()));
      assertThat(followed.subList(40, followed.size()))
          .singleElement()
          .extracting(AuditRecord::entry)
          .isEqualTo(Events.refused(21));
    }
  }
}
