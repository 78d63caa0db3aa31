package io.agentweave.deadletter;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What memory knows of a letter: enough to find it in the journal, which has the rest.
 *
 * @param settledAt absent while it is open
 * @param head where its line begins, and how much of that comes before its content
 * @param contentSize in bytes, before it became base64
 * @param failures that came after its line was written
 * @param last the line of the last of these
 */
record IndexedLetter(
    UUID id,
    DeadLetter.Status status,
    @Nullable Instant settledAt,
    Place head,
    int contentSize,
    int failures,
    Place last) {

  /** A part of the journal. */
  record Place(long at, int length) {
    static final Place NONE = new Place(0, 0);
  }

  /** The id, unless it is not written as UUIDs are: then no letter has it. */
  static Optional<UUID> id(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean isOpen() {
    return status == DeadLetter.Status.OPEN;
  }

  long contentAt() {
    return head.at() + head.length();
  }

  /** Of the content's base64. */
  int base64Length() {
    return (contentSize + 2) / 3 * 4;
  }

  /** How many bytes of the journal it takes. */
  long lineLength() {
    return (long) head.length() + base64Length() + LetterLine.AFTER_CONTENT;
  }

  IndexedLetter settled(DeadLetter.Status as, Instant at) {
    return new IndexedLetter(id, as, at, head, contentSize, failures, last);
  }

  IndexedLetter failedAgain(Place line) {
    return new IndexedLetter(id, status, settledAt, head, contentSize, failures + 1, line);
  }
}
