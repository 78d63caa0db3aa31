package io.agentweave.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.deadletter.IndexedLetter.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Beside a map of the same letters by the text of their ids. */
final class PackedLettersTest {
  private final Random random = new Random(17);
  private final PackedLetters packed = new PackedLetters();
  private final TreeMap<String, IndexedLetter> expected = new TreeMap<>();

  private void put(UUID id) {
    boolean open = random.nextBoolean();
    IndexedLetter letter =
        new IndexedLetter(
            id,
            open ? DeadLetter.Status.OPEN : DeadLetter.Status.DISCARDED,
            open ? null : Instant.ofEpochSecond(random.nextInt(), 123_000),
            new Place(random.nextLong(Long.MAX_VALUE), random.nextInt(Integer.MAX_VALUE)),
            random.nextInt(Integer.MAX_VALUE),
            random.nextInt(1 << 29),
            new Place(random.nextLong(Long.MAX_VALUE), random.nextInt(Integer.MAX_VALUE)));
    packed.put(letter);
    expected.put(id.toString(), letter);
  }

  private void expectTheSame() {
    assertThat(packed.size()).isEqualTo(expected.size());
    assertThat(packed.oldestFirst()).containsExactlyElementsOf(expected.values());
    List<String> bounds = new ArrayList<>(List.of("", "0", "8", "zzz"));
    expected.keySet().stream().filter(id -> random.nextInt(400) == 0).forEach(bounds::add);
    for (String before : bounds) {
      assertThat(packed.newestFirst(Optional.of(before)))
          .as(before)
          .containsExactlyElementsOf(expected.headMap(before, false).descendingMap().values());
    }
    assertThat(packed.newestFirst(Optional.empty()))
        .containsExactlyElementsOf(expected.descendingMap().values());
  }

  @Test
  void nothing_isFoundInNothing() {
    assertThat(packed.find(new UUID(1, 2))).isEmpty();
    packed.forgetSettled(5);
    expectTheSame();
  }

  @Test
  void lettersInAnyOrder_areSortedFoundAndChanged() {
    for (int i = 0; i < 6_000; i++) {
      put(new UUID(random.nextLong(), random.nextLong()));
    }
    expectTheSame();
    List<IndexedLetter> all = List.copyOf(expected.values());
    all.stream().filter(letter -> letter.isOpen()).forEach(letter -> put(letter.id()));
    expectTheSame();
    assertThat(all).allMatch(letter -> packed.find(letter.id()).isPresent());
  }

  @Test
  void lettersInTheirOrder_areSortedFoundAndForgotten() {
    for (int i = 0; i < 5_000; i++) {
      put(new UUID(i / 3, i));
    }
    expectTheSame();

    packed.forgetSettled(1_700);
    int left = 1_700;
    for (IndexedLetter letter : List.copyOf(expected.values())) {
      if (left > 0 && !letter.isOpen()) {
        expected.remove(letter.id().toString());
        left--;
      }
    }
    expectTheSame();
    put(new UUID(0, 1));
    put(new UUID(-1, 1));
    expectTheSame();
  }
}
