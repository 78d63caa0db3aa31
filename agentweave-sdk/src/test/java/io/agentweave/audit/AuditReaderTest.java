package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AuditReaderTest {
  private static final TestSvid SVID = new TestSvid();
  private static final Instant TIME = Instant.parse("2026-11-21T09:30:00.000123Z");

  @Property(tries = 300)
  void anyEvent_isReadBackTheSame(@ForAll("events") AuditEvent event) {
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

  @Property(tries = 300)
  void randomBytes_neverCrashReaderOrVerifier(@ForAll @Size(max = 400) byte[] noise)
      throws IOException {
    survives(noise);
  }

  @Property(tries = 300)
  void damagedRecord_neverCrashesReaderOrVerifierAndIsNeverIntact(
      @ForAll("events") AuditEvent event,
      @ForAll @IntRange(min = 0, max = 5000) int where,
      @ForAll @IntRange(min = 1, max = 255) int flip)
      throws IOException {
    byte[] line = line(event);
    int at = where % (line.length - 1);
    line[at] ^= (byte) flip;
    assertThat(survives(line)).isInstanceOf(AuditVerification.Broken.class);
  }

  private static AuditVerification survives(byte[] contents) throws IOException {
    Path directory = Files.createTempDirectory("audit-noise");
    try {
      AuditFile file = AuditFile.startingAt(directory, 1);
      Files.write(file.path(), contents);
      AuditReader reader = new AuditReader(directory);
      assertThat(reader.last(5)).hasSizeLessThan(5);
      assertThat(reader.find(AuditReader.Id.REQUEST, "r")).isEmpty();
      assertThat(new AuditTail(directory).next()).isEmpty();
      return AuditVerifier.selfContained().verify(file.path());
    } finally {
      try (var files = Files.list(directory)) {
        for (Path path : files.toList()) {
          Files.delete(path);
        }
      }
      Files.delete(directory);
    }
  }

  private static byte[] line(AuditEvent event) {
    String agent = Events.AGENT.toString();
    RecordWriter writer = new RecordWriter(agent, ChainLink.origin(agent));
    writer.write(TIME, event);
    return Arrays.copyOf(writer.bytes(), writer.size());
  }

  @Provide
  Arbitrary<AuditEvent> events() {
    Arbitrary<String> text = Arbitraries.strings().withCharRange('\0', '\uFFFF').ofMaxLength(40);
    Arbitrary<TraceContext> trace =
        Combinators.combine(text, text, Arbitraries.of(true, false)).as(TraceContext::new);
    Arbitrary<AuditEvent.Subject> subject =
        Combinators.combine(
                text,
                Arbitraries.of(Direction.class),
                text,
                text.injectNull(0.2),
                text.injectNull(0.2),
                text,
                Arbitraries.integers(),
                trace.injectNull(0.2))
            .as(
                (id, way, action, caller, serial, callee, size, place) ->
                    new AuditEvent.Subject(
                        id, way, "SendMessage", action, caller, serial, callee, size, place));
    Arbitrary<AuditEvent> decided =
        Combinators.combine(subject, text, text, text, Arbitraries.of(true, false))
            .as(
                (about, id, word, reason, flag) ->
                    new AuditEvent.Decided(about, id, word, reason, id, word, flag, !flag));
    Arbitrary<AuditEvent> ended =
        Combinators.combine(
                subject, text, text, text.injectNull(0.2), Arbitraries.longs().between(0, 1L << 50))
            .as(
                (about, outcome, detail, id, micros) ->
                    new AuditEvent.Ended(
                        about,
                        outcome,
                        detail,
                        id,
                        Duration.ofNanos(micros)
                            .truncatedTo(java.time.temporal.ChronoUnit.MICROS)));
    Arbitrary<AuditEvent> noticed =
        Combinators.combine(text, text, text.injectNull(0.2)).as(AuditEvent.Noticed::new);
    return Arbitraries.oneOf(decided, ended, noticed);
  }

  @Example
  void records_areFoundByEachIdAndFollowed() throws IOException {
    Path directory = Files.createTempDirectory("audit-find");
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
      assertThat(tail.next()).hasSize(40);
      assertThat(tail.next()).isEmpty();
      log.record(Events.refused(21));
      assertThat(tail.next())
          .singleElement()
          .extracting(AuditRecord::entry)
          .isEqualTo(Events.refused(21));
    }
  }
}
