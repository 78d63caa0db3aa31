package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.audit.AuditVerification.Broken;
import io.agentweave.audit.AuditVerification.Intact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each test is what somebody with write access to the files could do. */
class AuditVerifierTest {
  private static final TestSvid SVID = new TestSvid();

  @TempDir Path directory;
  @TempDir Path other;
  private AuditFile first;
  private AuditFile second;

  @BeforeEach
  void writeTwoFiles() throws IOException {
    write(directory, SVID.signer(Events.AGENT.toString()));
    List<AuditFile> files = AuditFile.list(directory);
    assertThat(files).hasSizeGreaterThan(2);
    first = files.get(0);
    second = files.get(1);
  }

  private static void write(Path into, AuditSigner signer) throws IOException {
    AuditSettings settings =
        AuditSettings.of(into, Events.AGENT)
            .withMaxFileBytes(6_000)
            .withCheckpoints(1_000, Duration.ofHours(1));
    try (FileAuditLog log = FileAuditLog.open(settings, signer)) {
      for (int i = 0; i < 30; i++) {
        log.record(Events.decided(i));
      }
    }
  }

  private AuditVerification verify() throws IOException {
    return AuditVerifier.selfContained().verify(directory);
  }

  private Broken broken() throws IOException {
    AuditVerification found = verify();
    assertThat(found).isInstanceOf(Broken.class);
    return (Broken) found;
  }

  private void rewrite(AuditFile file, List<String> lines) throws IOException {
    Files.write(file.path(), lines);
  }

  private List<String> lines(AuditFile file) throws IOException {
    return new ArrayList<>(Files.readAllLines(file.path()));
  }

  @Test
  void untouchedLog_isIntactAndSignedToItsEnd() throws IOException {
    assertThat(verify())
        .isInstanceOfSatisfying(
            Intact.class,
            intact -> {
              assertThat(intact.records()).isEqualTo(31);
              assertThat(intact.lastSequence()).isEqualTo(31);
              assertThat(intact.signedUpTo()).isEqualTo(30);
              assertThat(intact.unfinishedBytes()).isZero();
            });
  }

  @Test
  void changedByte_isFoundInItsOwnLineWhereverItIs() throws IOException {
    byte[] good = Files.readAllBytes(second.path());
    int line = 1;
    for (int i = 0; i < good.length; i++) {
      if (line > 2 && i % 97 != 0 && good[i] != '\n') {
        continue;
      }
      byte[] bad = good.clone();
      bad[i] ^= 0x01;
      Files.write(second.path(), bad);
      Broken broken = broken();
      assertThat(broken.file()).as("byte %d", i).isEqualTo(second.name());
      assertThat(broken.line()).as("byte %d", i).isIn((long) line, line + 1L);
      assertThat(broken.sequence())
          .as("byte %d", i)
          .isIn(second.firstSequence() + line - 1, second.firstSequence() + line);
      line += good[i] == '\n' ? 1 : 0;
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfAFileOrOfHead_isNotWaitedFor() throws Exception {
    Files.delete(first.path());
    new ProcessBuilder("mkfifo", first.path().toString()).start().waitFor();
    assertThatThrownBy(this::verify).hasMessage(first.path() + " is not a plain file");

    Path head = directory.resolve("HEAD");
    Files.delete(head);
    new ProcessBuilder("mkfifo", head.toString()).start().waitFor();
    assertThat(broken()).isEqualTo(new Broken("HEAD", 0, 0, "HEAD is damaged"));
  }

  @Test
  void editedRecord_isNamed() throws IOException {
    List<String> lines = lines(first);
    lines.set(2, lines.get(2).replace("permit", "denied"));
    rewrite(first, lines);

    assertThat(broken())
        .isEqualTo(
            new Broken(
                first.name(), 3, 3, "the record was changed: its contents do not have its hash"));
  }

  @Test
  void removedRecord_isNamed() throws IOException {
    List<String> lines = lines(first);
    lines.remove(3);
    rewrite(first, lines);

    assertThat(broken()).isEqualTo(new Broken(first.name(), 4, 4, "record 4 is missing"));
  }

  @Test
  void repeatedRecord_isNamed() throws IOException {
    List<String> lines = lines(first);
    lines.add(4, lines.get(3));
    rewrite(first, lines);

    assertThat(broken())
        .isEqualTo(
            new Broken(first.name(), 5, 5, "record 4 is out of order or here a second time"));
  }

  @Test
  void reorderedRecords_areNamed() throws IOException {
    List<String> lines = lines(first);
    Collections.swap(lines, 2, 5);
    rewrite(first, lines);

    assertThat(broken()).isEqualTo(new Broken(first.name(), 3, 3, "records 3 to 5 are missing"));
  }

  @Test
  void recordOfAnotherRun_withTheRightNumber_isNamed() throws IOException {
    write(other, SVID.signer(Events.AGENT.toString()));
    List<String> lines = lines(first);
    lines.set(4, lines(AuditFile.startingAt(other, 1)).get(4));
    rewrite(first, lines);

    assertThat(broken().line()).isEqualTo(5);
    assertThat(broken().what()).contains("does not follow");
  }

  @Test
  void removedFile_isNamedByItsRecords() throws IOException {
    Files.delete(second.path());
    assertThat(broken().sequence()).isEqualTo(second.firstSequence());
    assertThat(broken().what()).endsWith("are missing");
  }

  @Test
  void removedFirstFile_isNamedUnlessItIsAllowed() throws IOException {
    Files.delete(first.path());
    assertThat(broken().sequence()).isEqualTo(1);
    assertThat(
            AuditVerifier.selfContained()
                .allowMissingBefore(second.firstSequence())
                .verify(directory))
        .isInstanceOf(Intact.class);
  }

  @Test
  void swappedFiles_areNamed() throws IOException {
    byte[] one = Files.readAllBytes(first.path());
    Files.write(first.path(), Files.readAllBytes(second.path()));
    Files.write(second.path(), one);

    assertThat(broken().file()).isEqualTo(first.name());
    assertThat(broken().line()).isEqualTo(1);
  }

  @Test
  void cutOffEnd_isFoundByHead() throws IOException {
    AuditFile last = AuditFile.list(directory).getLast();
    List<String> lines = lines(last);
    lines.removeLast();
    rewrite(last, lines);

    assertThat(broken())
        .isEqualTo(new Broken(last.name(), lines.size() + 1L, 31, "record 31 is missing"));
  }

  @Test
  void missingLastFile_isFoundByHead() throws IOException {
    Files.delete(AuditFile.list(directory).getLast().path());
    assertThat(broken().what()).contains("missing");
  }

  @Test
  void everythingGoneButHead_isFound() throws IOException {
    for (AuditFile file : AuditFile.list(directory)) {
      Files.delete(file.path());
    }
    assertThat(broken().what()).isEqualTo("records 1 to 31 are missing");
  }

  @Test
  void missingOrDamagedHead_isFound() throws IOException {
    Path head = directory.resolve(Head.NAME);
    String good = Files.readString(head);
    Files.writeString(head, good.replace("\"seq\"", "\"sec\""));
    assertThat(broken().what()).isEqualTo("HEAD is damaged");
    Files.writeString(head, "\uFFFD{");
    assertThat(broken().what()).isEqualTo("HEAD is damaged");
    // One that goes on and on is not read whole.
    Files.writeString(head, " ".repeat(1 << 17) + good);
    assertThat(broken().what()).isEqualTo("HEAD is damaged");
    Files.delete(head);
    assertThat(broken().what()).isEqualTo("HEAD is missing");
  }

  @Test
  void olderStateOfAllFiles_isFoundByWhoeverKnowsALaterRecord() throws IOException {
    Intact later = (Intact) verify();
    Path restored = other;
    AuditSettings settings = AuditSettings.of(restored, Events.AGENT);
    FileAuditLog.open(settings, SVID.signer(Events.AGENT.toString())).close();

    assertThat(AuditVerifier.selfContained().verify(restored)).isInstanceOf(Intact.class);
    assertThat(
            AuditVerifier.selfContained()
                .expectReached(later.lastSequence(), later.lastHash())
                .verify(restored))
        .isInstanceOfSatisfying(
            Broken.class, broken -> assertThat(broken.what()).contains("missing"));
  }

  @Test
  void anotherAgentsDirectory_isNotThisAgents() throws IOException {
    assertThat(AuditVerifier.selfContained().expectAgent(Events.OTHER).verify(directory))
        .isEqualTo(new Broken("HEAD", 0, 0, "the log belongs to " + Events.AGENT));
  }

  @Test
  void anotherAgentsFile_isNotThisAgents() throws IOException {
    AuditSettings settings = AuditSettings.of(other, Events.OTHER).withMaxFileBytes(6_000);
    try (FileAuditLog log = FileAuditLog.open(settings, SVID.signer(Events.OTHER.toString()))) {
      for (int i = 0; i < 30; i++) {
        log.record(Events.decided(i));
      }
    }
    Files.write(first.path(), Files.readAllBytes(AuditFile.startingAt(other, 1).path()));

    assertThat(broken().line()).isEqualTo(1);
    assertThat(broken().what()).isEqualTo("the record is another agent's");
  }

  @Test
  void chainComputedAnew_failsAtTheSignatureAfterIt() throws IOException {
    Forgery.rechain(directory, line -> line.replace("request-7\"", "request-X\""));

    assertThat(broken().sequence()).isEqualTo(31);
    assertThat(broken().what()).isEqualTo("the checkpoint is for another record");
  }

  @Test
  void chainSignedAnewByAnotherAuthority_needsTheAuthorityToBeFound() throws IOException {
    AuditVerifier knowing =
        AuditVerifier.selfContained().expectAuthorities(List.of(SVID.authority()));
    assertThat(knowing.verify(directory)).isInstanceOf(Intact.class);

    write(other, new TestSvid().signer(Events.AGENT.toString()));

    assertThat(AuditVerifier.selfContained().verify(other)).isInstanceOf(Intact.class);
    assertThat(knowing.verify(other))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.what())
                    .isEqualTo(
                        "the checkpoint's certificate was not issued by an expected authority"));
  }

  @Test
  void checkpointByAnotherIdentity_isFound() throws IOException {
    write(other, SVID.signer(Events.OTHER.toString()));
    assertThat(AuditVerifier.selfContained().verify(other))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.what())
                    .isEqualTo("the checkpoint was signed by another identity"));
  }

  @Test
  void checkpointByAnExpiredSvid_isFound() throws IOException {
    Instant now = Instant.now();
    write(
        other,
        SVID.signer(Events.AGENT.toString(), now.minusSeconds(7200), now.minusSeconds(3600)));
    assertThat(AuditVerifier.selfContained().verify(other))
        .isInstanceOfSatisfying(
            Broken.class, broken -> assertThat(broken.what()).contains("not valid then"));
  }

  @Test
  void unfinishedLastLine_isNoHarm() throws IOException {
    Path last = AuditFile.list(directory).getLast().path();
    Files.write(
        last,
        "{\"seq\":32,".getBytes(StandardCharsets.UTF_8),
        java.nio.file.StandardOpenOption.APPEND);

    assertThat(verify())
        .isInstanceOfSatisfying(
            Intact.class, intact -> assertThat(intact.unfinishedBytes()).isEqualTo(10));
  }

  @Test
  void oneFileAlone_isCheckedByItself() throws IOException {
    assertThat(AuditVerifier.selfContained().verify(second.path()))
        .isInstanceOfSatisfying(
            Intact.class,
            intact -> assertThat(intact.firstSequence()).isEqualTo(second.firstSequence()));
    List<String> lines = lines(second);
    lines.remove(1);
    rewrite(second, lines);
    assertThat(AuditVerifier.selfContained().verify(second.path())).isInstanceOf(Broken.class);
  }
}
