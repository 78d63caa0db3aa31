package io.agentweave.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.call.Payload;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every dead-letter queue keeps to. */
abstract class DeadLetterQueueContract {
  static final String AGENT = "ingester";
  private static final DeadLetters LETTERS = new DeadLetters(InstantSource.system());

  private final List<DeadLetterQueue> opened = new ArrayList<>();

  /** Opens the same queue anew. */
  abstract DeadLetterQueue openQueue();

  final DeadLetterQueue reopened() {
    closeAll();
    DeadLetterQueue queue = openQueue();
    opened.add(queue);
    return queue;
  }

  @AfterEach
  final void closeAll() {
    opened.forEach(DeadLetterQueue::close);
    opened.clear();
  }

  static DeadLetter letter(String content) {
    return letter(Payload.ofJson(content), "timestamp: must have an offset");
  }

  static DeadLetter letter(Payload content, String detail) {
    return LETTERS.letter(content, "validate", "invalid", detail, origin("trace-1"));
  }

  static DeadLetter.Origin origin(@org.jspecify.annotations.Nullable String traceId) {
    return new DeadLetter.Origin(
        AGENT,
        "ingest_event",
        "spiffe://agentweave.io/operator/cli",
        "1a2b",
        "request-1",
        "decision-1",
        "rev-1",
        traceId);
  }

  private static byte[] content(DeadLetter letter) {
    return letter.content().bytes();
  }

  private static void expectSame(DeadLetter found, DeadLetter expected) {
    assertThat(found).usingRecursiveComparison().ignoringFields("content").isEqualTo(expected);
    assertThat(content(found)).isEqualTo(content(expected));
  }

  @Test
  void emptyQueue_knowsNothing() {
    DeadLetterQueue queue = reopened();

    assertThat(queue.list(Optional.empty(), 10)).isEmpty();
    assertThat(queue.find("nobody")).isEmpty();
    assertThat(queue.open()).isZero();
    assertThat(queue.settle("nobody", DeadLetter.Status.REPLAYED)).isFalse();
    queue.failedAgain("nobody", "invalid", "");
    assertThat(queue.list(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void addedLetter_isThereAfterReopening() {
    DeadLetter letter = letter("{\"event_id\":\"e1\"}");
    reopened().add(letter);

    expectSame(reopened().find(letter.id()).orElseThrow(), letter);
  }

  @Test
  void contentThatIsNoJsonNorText_comesBackByteForByte() {
    byte[] bytes = new byte[100_000];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 31));
    DeadLetter letter = letter(Payload.ofJson(bytes), "no JSON");
    DeadLetter empty = letter(Payload.ofJson(new byte[0]), "empty");
    reopened().addAll(List.of(letter, empty));

    DeadLetterQueue queue = reopened();
    expectSame(queue.find(letter.id()).orElseThrow(), letter);
    expectSame(queue.find(empty.id()).orElseThrow(), empty);
  }

  @Test
  void nastyText_isKept() {
    DeadLetter letter =
        letter(Payload.empty(), "field \"a\u0000b\" \\ \n \uD800 \uD83D\uDE00 '; drop table --");
    reopened().add(letter);

    DeadLetter found = reopened().find(letter.id()).orElseThrow();
    expectSame(found, letter);
    assertThat(found.detail()).contains("a\uFFFDb", "\uD83D\uDE00").doesNotContain("\u0000");
    assertThat(reopened().find("a\u0000b")).isEmpty();
  }

  @Test
  void longDetail_isCutWhereverItComesFrom() {
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter(Payload.empty(), "x".repeat(2_044) + "\uD83D\uDE00".repeat(9_000));
    DeadLetter again = letter(Payload.empty(), "y".repeat(2_048));
    assertThat(letter.detail()).isEqualTo("x".repeat(2_044) + "...");
    assertThat(again.detail()).isEqualTo("y".repeat(2_048));

    queue.addAll(List.of(letter, again));
    queue.failedAgain(again.id(), "invalid", "z".repeat(20_000));

    expectSame(reopened().find(letter.id()).orElseThrow(), letter);
    assertThat(reopened().find(again.id()).orElseThrow().detail())
        .isEqualTo("z".repeat(2_045) + "...");
  }

  @Test
  void letterWithoutTrace_isKept() {
    DeadLetter letter = LETTERS.letter(Payload.empty(), "validate", "invalid", "", origin(null));
    reopened().add(letter);
    assertThat(reopened().find(letter.id()).orElseThrow().origin().traceId()).isNull();
  }

  @Test
  void pages_reachEveryLetterOnce_withoutContents() {
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters = IntStream.range(0, 7).mapToObj(i -> letter("x".repeat(i))).toList();
    queue.addAll(letters);
    queue.settle(letters.get(3).id(), DeadLetter.Status.DISCARDED);

    List<ListedLetter> found = new ArrayList<>();
    Optional<String> before = Optional.empty();
    while (true) {
      List<ListedLetter> page = queue.page(Optional.of(DeadLetter.Status.OPEN), before, 2);
      if (page.isEmpty()) {
        break;
      }
      found.addAll(page);
      before = Optional.of(page.getLast().letter().id());
    }
    assertThat(found).extracting(ListedLetter::contentSize).containsExactly(6, 5, 4, 2, 1, 0);
    assertThat(found).allMatch(listed -> listed.letter().content().size() < 3);
    assertThat(queue.page(Optional.empty(), Optional.of(letters.get(4).id()), 1))
        .singleElement()
        .extracting(listed -> listed.letter().id())
        .isEqualTo(letters.get(3).id());
    assertThat(queue.page(Optional.empty(), Optional.of("a\u0000b' or '1"), 10)).hasSize(7);
  }

  @Test
  void pagesOfLongLetters_endBeforeTheirLimitAndReachEachOnce() {
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters =
        Stream.generate(() -> letter(Payload.empty(), "\u0001".repeat(20_000))).limit(200).toList();
    queue.addAll(letters);

    List<String> found = new ArrayList<>();
    Optional<String> before = Optional.empty();
    List<ListedLetter> page = queue.page(Optional.empty(), before, 1_000);
    while (!page.isEmpty()) {
      assertThat(page.size()).isLessThan((1 << 20) / (6 * 2_000));
      page.forEach(listed -> found.add(listed.letter().id()));
      before = Optional.of(found.getLast());
      page = queue.page(Optional.empty(), before, 1_000);
    }
    assertThat(found)
        .containsExactlyElementsOf(letters.reversed().stream().map(DeadLetter::id).toList());
  }

  @Test
  void list_isNewestFirstByStatusAndLimited() {
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters = IntStream.range(0, 5).mapToObj(i -> letter("{}")).toList();
    queue.addAll(letters);
    queue.settle(letters.get(4).id(), DeadLetter.Status.DISCARDED);

    assertThat(queue.list(Optional.empty(), 2))
        .extracting(DeadLetter::id)
        .containsExactly(letters.get(4).id(), letters.get(3).id());
    assertThat(queue.list(Optional.of(DeadLetter.Status.OPEN), 2))
        .extracting(DeadLetter::id)
        .containsExactly(letters.get(3).id(), letters.get(2).id());
    assertThat(queue.list(Optional.of(DeadLetter.Status.DISCARDED), 10)).hasSize(1);
    assertThat(queue.list(Optional.of(DeadLetter.Status.REPLAYED), 10)).isEmpty();
    assertThat(queue.open()).isEqualTo(4);
  }

  @Test
  void letter_isSettledOnceAndForGood() {
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{}");
    queue.add(letter);

    assertThat(queue.settle(letter.id(), DeadLetter.Status.REPLAYED)).isTrue();
    assertThat(queue.settle(letter.id(), DeadLetter.Status.DISCARDED)).isFalse();
    queue.failedAgain(letter.id(), "invalid", "late");

    DeadLetter found = reopened().find(letter.id()).orElseThrow();
    assertThat(found.status()).isEqualTo(DeadLetter.Status.REPLAYED);
    assertThat(found.attempts()).isEqualTo(1);
  }

  @Test
  void letter_isNotSettledAsOpen() {
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{}");
    queue.add(letter);
    assertThatThrownBy(() -> queue.settle(letter.id(), DeadLetter.Status.OPEN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void failedReplay_isCountedWithItsNewReason() {
    DeadLetter letter = letter("{}");
    DeadLetterQueue queue = reopened();
    queue.add(letter);
    queue.failedAgain(letter.id(), "dependency_unavailable", "database gone\u0000");
    queue.failedAgain(letter.id(), "dependency_unavailable", "database still gone");

    DeadLetter found = reopened().find(letter.id()).orElseThrow();
    assertThat(found.attempts()).isEqualTo(3);
    assertThat(found.reason()).isEqualTo("dependency_unavailable");
    assertThat(found.detail()).isEqualTo("database still gone");
    assertThat(found.firstFailedAt()).isEqualTo(letter.firstFailedAt());
    assertThat(found.lastFailedAt()).isAfterOrEqualTo(letter.lastFailedAt());
    assertThat(found.status()).isEqualTo(DeadLetter.Status.OPEN);
  }

  @Test
  void knownId_isRefusedAndItsCompanionsAreNotKept() {
    DeadLetterQueue queue = reopened();
    DeadLetter known = letter("{}");
    DeadLetter companion = letter("{}");
    queue.add(known);

    assertThatThrownBy(() -> queue.addAll(List.of(companion, known)))
        .isInstanceOf(IllegalArgumentException.class);
    DeadLetter twin = letter("{}");
    assertThatThrownBy(() -> queue.addAll(List.of(twin, twin)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(reopened().list(Optional.empty(), 10)).hasSize(1);
  }

  @Test
  void concurrentCallers_loseNothing() throws Exception {
    DeadLetterQueue queue = reopened();
    List<DeadLetter> letters = IntStream.range(0, 200).mapToObj(i -> letter("{}")).toList();
    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<?>> done = new ArrayList<>();
      for (DeadLetter letter : letters) {
        done.add(
            callers.submit(
                () -> {
                  queue.add(letter);
                  assertThat(queue.settle(letter.id(), DeadLetter.Status.REPLAYED)).isTrue();
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    assertThat(reopened().list(Optional.of(DeadLetter.Status.REPLAYED), 1_000)).hasSize(200);
  }

  @Test
  void oneLetter_isSettledByOneOfManyCallers() throws Exception {
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{}");
    queue.add(letter);
    int won = 0;
    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        attempts.add(callers.submit(() -> queue.settle(letter.id(), DeadLetter.Status.REPLAYED)));
      }
      for (Future<Boolean> attempt : attempts) {
        won += attempt.get() ? 1 : 0;
      }
    }
    assertThat(won).isEqualTo(1);
  }

  @Test
  void nothing_isAddedByNothing() {
    reopened().addAll(List.of());
    assertThat(reopened().open()).isZero();
  }
}
