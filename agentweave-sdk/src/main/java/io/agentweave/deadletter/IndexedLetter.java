package io.agentweave.deadletter;

import io.agentweave.call.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A letter without its content, and where in the journal the content is.
 *
 * @param letter holds an empty content
 * @param settledAt absent while it is open
 * @param contentAt where its base64 begins
 * @param contentLength of the base64
 * @param lineLength how many bytes of the journal it takes
 */
record IndexedLetter(
    DeadLetter letter,
    @Nullable Instant settledAt,
    long contentAt,
    int contentLength,
    int lineLength) {

  IndexedLetter {
    letter = with(letter, Payload.empty());
  }

  boolean isOpen() {
    return letter.status() == DeadLetter.Status.OPEN;
  }

  DeadLetter withContent(byte[] content) {
    return with(letter, Payload.ofJson(content));
  }

  IndexedLetter settled(DeadLetter.Status status, Instant at) {
    return new IndexedLetter(
        changed(letter.reason(), letter.detail(), letter.attempts(), letter.lastFailedAt(), status),
        at,
        contentAt,
        contentLength,
        lineLength);
  }

  IndexedLetter failedAgain(String reason, String detail, Instant at) {
    return new IndexedLetter(
        changed(reason, detail, letter.attempts() + 1, at, letter.status()),
        settledAt,
        contentAt,
        contentLength,
        lineLength);
  }

  private DeadLetter changed(
      String reason, String detail, int attempts, Instant lastFailedAt, DeadLetter.Status status) {
    return new DeadLetter(
        letter.id(),
        letter.content(),
        letter.contentSha256(),
        letter.stage(),
        reason,
        detail,
        letter.origin(),
        attempts,
        letter.firstFailedAt(),
        lastFailedAt,
        status);
  }

  private static DeadLetter with(DeadLetter letter, Payload content) {
    return new DeadLetter(
        letter.id(),
        content,
        letter.contentSha256(),
        letter.stage(),
        letter.reason(),
        letter.detail(),
        letter.origin(),
        letter.attempts(),
        letter.firstFailedAt(),
        letter.lastFailedAt(),
        letter.status());
  }
}
