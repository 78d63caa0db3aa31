package io.agentweave.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Payload;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123456789Z");

  private final DeadLetters letters = new DeadLetters(InstantSource.fixed(NOW));

  private DeadLetter letter() {
    return letters.letter(
        Payload.ofJson("abc"), "validate", "invalid", "", DeadLetterQueueContract.origin(null));
  }

  @Test
  void newLetter_isOpenWithItsHashAndTimes() {
    DeadLetter letter = letter();

    assertThat(letter.contentSha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(letter.firstFailedAt()).isEqualTo("2026-11-21T09:30:00.123456Z");
    assertThat(letter.lastFailedAt()).isEqualTo(letter.firstFailedAt());
    assertThat(letter.status()).isEqualTo(DeadLetter.Status.OPEN);
    assertThat(letter.attempts()).isEqualTo(1);
  }

  @Test
  void ids_areTimeOrderedUuidsThoughTheClockStandsStill() {
    List<String> ids = Stream.generate(this::letter).limit(10_000).map(DeadLetter::id).toList();

    assertThat(ids).isSorted().doesNotHaveDuplicates();
    UUID first = UUID.fromString(ids.getFirst());
    assertThat(first.version()).isEqualTo(7);
    assertThat(first.variant()).isEqualTo(2);
    assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void ids_areNotGuessableFromEachOther() {
    UUID one = UUID.fromString(letter().id());
    UUID two = UUID.fromString(letter().id());
    assertThat(one.getLeastSignificantBits()).isNotEqualTo(two.getLeastSignificantBits());
  }
}
