package io.agentweave.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.call.Payload;
import io.agentweave.journal.ChildJvm;
import io.agentweave.journal.FaultyDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FileDeadLetterQueueTest extends DeadLetterQueueContract {
  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();
  private Duration ahead = Duration.ZERO;
  private long compactAt = 16 << 20;
  private int most = 1_000_000;

  @Override
  DeadLetterQueue openQueue() {
    return FileDeadLetterQueue.open(directory, disk, clock(), compactAt, most);
  }

  private InstantSource clock() {
    return () -> Instant.now().plus(ahead);
  }

  private Path journal() {
    return directory.resolve("dead-letters.jsonl");
  }

  private static byte[] join(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  @Test
  void secondWriter_isRefusedByName() {
    reopened();
    assertThatThrownBy(this::openQueue)
        .isInstanceOf(DeadLetterException.class)
        .hasMessageContaining("in use by process");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfTheJournal_isNotWaitedFor() throws Exception {
    new ProcessBuilder("mkfifo", journal().toString()).start().waitFor();

    assertThatThrownBy(this::openQueue).hasMessageContaining(journal() + " is not a plain file");
  }

  @Test
  void fullDisk_refusesTheLetterAndRecovers() {
    DeadLetterQueue queue = reopened();
    DeadLetter kept = letter("{}");
    queue.add(kept);
    disk.leaveFree(200);
    DeadLetter refused = letter("{}");

    assertThatThrownBy(() -> queue.add(refused))
        .isInstanceOf(DeadLetterException.class)
        .hasMessageContaining("No space left on device");
    assertThatThrownBy(() -> queue.settle(kept.id(), DeadLetter.Status.DISCARDED))
        .isInstanceOf(DeadLetterException.class);
    assertThat(queue.find(refused.id())).isEmpty();
    assertThat(queue.open()).isEqualTo(1);

    disk.leaveFree(Long.MAX_VALUE);
    queue.add(refused);
    assertThat(reopened().list(Optional.of(DeadLetter.Status.OPEN), 10)).hasSize(2);
  }

  @Test
  void diskThatDoesNotForce_refusesTheLetter() {
    DeadLetterQueue queue = reopened();
    disk.refuseForce(true);
    DeadLetter refused = letter("{}");
    assertThatThrownBy(() -> queue.add(refused)).isInstanceOf(DeadLetterException.class);
    disk.refuseForce(false);

    assertThat(queue.find(refused.id())).isEmpty();
    assertThat(reopened().find(refused.id())).isEmpty();
  }

  @Test
  void tailThatCantBeTakenBack_doesNotGetIntoTheWay() {
    DeadLetterQueue queue = reopened();
    disk.leaveFree(200);
    disk.refuseTruncate(true);
    assertThatThrownBy(() -> queue.add(letter("{}"))).isInstanceOf(DeadLetterException.class);
    disk.leaveFree(Long.MAX_VALUE);
    disk.refuseTruncate(false);
    DeadLetter kept = letter("{}");
    queue.add(kept);

    assertThat(reopened().list(Optional.empty(), 10))
        .extracting(DeadLetter::id)
        .containsExactly(kept.id());
  }

  @Test
  void tornChange_isDroppedWholeWhereverItIsCut() throws IOException {
    DeadLetter kept = letter("{}");
    reopened().add(kept);
    closeAll();
    byte[] good = Files.readAllBytes(journal());
    reopened().addAll(List.of(letter("{\"a\":1}"), letter("{\"b\":2}"), letter("{\"c\":3}")));
    closeAll();
    byte[] whole = Files.readAllBytes(journal());

    for (int cut = good.length + 1; cut < whole.length; cut += 41) {
      Files.write(journal(), Arrays.copyOf(whole, cut));
      assertThat(reopened().list(Optional.empty(), 10))
          .as("cut at %d", cut)
          .extracting(DeadLetter::id)
          .containsExactly(kept.id());
      assertThat(Files.readAllBytes(journal())).isEqualTo(good);
      byte[] aside = Files.readAllBytes(directory.resolve("torn-2.bin"));
      assertThat(join(good, aside)).isEqualTo(Arrays.copyOf(whole, cut));
    }
  }

  @Test
  void holeInsideTheLastChange_isATornChange() throws IOException {
    reopened().add(letter("{}"));
    closeAll();
    int good = (int) Files.size(journal());
    reopened().addAll(List.of(letter("{\"a\":1}"), letter("{\"b\":2}")));
    closeAll();
    byte[] holed = Files.readAllBytes(journal());
    Arrays.fill(holed, good + 10, good + 100, (byte) 0);
    Files.write(journal(), holed);

    assertThat(reopened().open()).isEqualTo(1);
  }

  @Test
  void damageBeforeALaterChange_isNotPassedOver() throws IOException {
    DeadLetterQueue queue = reopened();
    queue.add(letter("{\"a\":1}"));
    queue.add(letter("{\"b\":2}"));
    queue.add(letter("{\"c\":3}"));
    closeAll();
    List<String> lines = new ArrayList<>(Files.readAllLines(journal()));
    lines.set(1, lines.get(1).replace("invalid", "inval1d"));
    Files.write(journal(), lines);

    assertThatThrownBy(this::openQueue)
        .isInstanceOf(DeadLetterException.class)
        .hasMessageContaining("is damaged before line 3");
    assertThat(Files.readAllLines(journal())).hasSize(3);
  }

  @Test
  void largeContent_isKept() {
    byte[] content = new byte[20 << 20];
    DeadLetter letter = letter(Payload.ofJson(content), "too large");
    reopened().add(letter);
    assertThat(reopened().find(letter.id()).orElseThrow().content().size()).isEqualTo(20 << 20);
  }

  @Test
  void journalFullOfOldNews_isCompactedAndLosesNothing() throws IOException {
    compactAt = 50_000;
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      letters.add(letter("{\"number\":" + i + "}"));
    }
    queue.addAll(letters);
    queue.settle(letters.get(3).id(), DeadLetter.Status.REPLAYED);
    for (int i = 0; i < 500; i++) {
      queue.failedAgain(letters.get(i % 3).id(), "dependency_unavailable", "again " + i);
    }
    assertThat(Files.size(journal())).isLessThan(50_000);

    queue.add(letter("{\"after\":true}"));
    DeadLetterQueue again = reopened();
    assertThat(again.list(Optional.empty(), 100)).hasSize(21);
    assertThat(again.open()).isEqualTo(20);
    DeadLetter worst = again.find(letters.get(1).id()).orElseThrow();
    assertThat(worst.attempts()).isEqualTo(168);
    assertThat(worst.detail()).isEqualTo("again 499");
    assertThat(new String(worst.content().bytes(), StandardCharsets.UTF_8))
        .isEqualTo("{\"number\":1}");
  }

  @Test
  void settledLetters_areForgottenByACompactionAfterThirtyDays() {
    compactAt = 1;
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters = List.of(letter("{}"), letter("{}"), letter("{}"), letter("{}"));
    queue.addAll(letters);
    letters.subList(0, 3).forEach(l -> queue.settle(l.id(), DeadLetter.Status.DISCARDED));

    ahead = Duration.ofDays(29);
    assertThat(reopened().list(Optional.empty(), 10)).hasSize(4);
    ahead = Duration.ofDays(31);
    assertThat(reopened().list(Optional.empty(), 10))
        .extracting(DeadLetter::id)
        .containsExactly(letters.get(3).id());
  }

  @Test
  void compactionOnAFullDisk_changesNothing() {
    compactAt = 20_000;
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{\"big\":\"" + "x".repeat(5_000) + "\"}");
    queue.add(letter);
    for (int i = 0; i < 200 && !Files.exists(directory.resolve("dead-letters.next")); i++) {
      disk.leaveFree(1_000);
      queue.failedAgain(letter.id(), "dependency_unavailable", "again");
    }
    disk.leaveFree(Long.MAX_VALUE);
    queue.failedAgain(letter.id(), "dependency_unavailable", "last");

    assertThat(reopened().find(letter.id()).orElseThrow().detail()).isEqualTo("last");
  }

  @Test
  void compactionThatFailsAfterTheNewFileIsInPlace_losesNothingThatWasAcknowledged() {
    compactAt = 20_000;
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{\"big\":\"" + "x".repeat(5_000) + "\"}");
    queue.add(letter);
    disk.failAfterReplace(true);
    List<DeadLetter> kept = new ArrayList<>(List.of(letter));
    boolean refused = false;
    for (int i = 0; i < 400 && !refused; i++) {
      queue.failedAgain(letter.id(), "dependency_unavailable", "y".repeat(1_000));
      DeadLetter next = letter("{}");
      try {
        queue.add(next);
        kept.add(next);
      } catch (DeadLetterException e) {
        assertThat(e).hasMessageContaining("start the agent anew");
        refused = true;
      }
    }
    assertThat(refused).as("nothing more is kept in a file that is not there any more").isTrue();
    disk.failAfterReplace(false);

    DeadLetterQueue again = reopened();
    assertThat(kept).allSatisfy(one -> assertThat(again.find(one.id())).isPresent());
  }

  @Test
  void fullMemory_refusesTheLetterToItsCallersFaceAndRecovers() {
    most = 40;
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters = Stream.generate(() -> letter("{}")).limit(40).toList();
    queue.addAll(letters.subList(0, 39));
    assertThatThrownBy(() -> queue.addAll(List.of(letter("{}"), letter("{}"))))
        .isInstanceOf(DeadLetterException.class)
        .hasMessageContaining("39 letters are open and memory has room for 40");
    queue.add(letters.get(39));
    assertThatThrownBy(() -> queue.add(letter("{}"))).isInstanceOf(DeadLetterException.class);

    assertThat(queue.settle(letters.get(7).id(), DeadLetter.Status.DISCARDED)).isTrue();
    DeadLetter late = letter("{\"late\":true}");
    queue.add(late);
    assertThat(queue.open()).isEqualTo(40);

    DeadLetterQueue again = reopened();
    assertThat(again.open()).isEqualTo(40);
    assertThat(again.find(late.id())).isPresent();
    assertThat(again.list(Optional.of(DeadLetter.Status.OPEN), 100)).hasSize(40);
    assertThat(again.find(letters.get(7).id()).filter(l -> l.status() == DeadLetter.Status.OPEN))
        .isEmpty();
  }

  @Test
  void moreLettersThanTheHeapHolds_areAddedListedAndReadAgain() throws Exception {
    for (String start : List.of("first", "second")) {
      Process agent =
          ChildJvm.start(
              List.of("-Xmx24m", "-XX:+ExitOnOutOfMemoryError"),
              Flooded.class,
              directory.toString(),
              start);
      agent.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(agent.waitFor()).as(start).isZero();
    }
    closeAll();
    assertThat(Files.size(journal())).isGreaterThan(48 << 20);
  }

  /** Adds 20,000 letters with long details, or finds them there, and lists them. */
  static final class Flooded {
    public static void main(String[] args) {
      DeadLetterQueue queue = FileDeadLetterQueue.open(Path.of(args[0]));
      for (int i = 0; i < 20_000 && args[1].equals("first"); i += 200) {
        queue.addAll(
            Stream.generate(() -> letter(Payload.empty(), "e".repeat(20_000))).limit(200).toList());
      }
      List<ListedLetter> page = queue.page(Optional.empty(), Optional.empty(), 1_000);
      System.exit(queue.open() == 20_000 && page.size() > 300 && page.size() < 600 ? 0 : 1);
    }
  }

  @Test
  void killedAgent_losesNoAcknowledgedLetter() throws Exception {
    Process agent = ChildJvm.start(Agent.class, directory.toString());
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(agent.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.endsWith(".")) {
          acknowledged.add(line.substring(0, line.length() - 1));
        }
        if (acknowledged.size() == 200) {
          agent.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(agent.waitFor()).isEqualTo(137);

    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(200);
    assertThat(reopened().list(Optional.empty(), Integer.MAX_VALUE))
        .extracting(DeadLetter::id)
        .containsAll(acknowledged);
  }

  /** Adds letters from two threads and says which are kept, until it is killed. */
  static final class Agent {
    public static void main(String[] args) throws InterruptedException {
      DeadLetterQueue queue = FileDeadLetterQueue.open(Path.of(args[0]));
      Runnable caller =
          () -> {
            while (true) {
              DeadLetter letter = letter("{\"some\":\"event\"}");
              queue.add(letter);
              System.out.println(letter.id() + ".");
            }
          };
      Thread other = Thread.ofPlatform().start(caller);
      caller.run();
      other.join();
    }
  }
}
