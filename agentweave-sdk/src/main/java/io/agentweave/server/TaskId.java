package io.agentweave.server;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a task as two numbers, which need no object of their own to be kept. Their order is
 * that of the texts.
 */
record TaskId(long high, long low) implements Comparable<TaskId> {
  private static final int TEXT_LENGTH = 36;

  /** One that was made here. */
  static TaskId of(String text) {
    UUID uuid = UUID.fromString(text);
    return new TaskId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /** One that somebody asks for; empty when no task can have it. */
  static Optional<TaskId> parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(text)).filter(id -> id.text().equals(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String text() {
    return new UUID(high, low).toString();
  }

  @Override
  public int compareTo(TaskId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh == 0 ? Long.compareUnsigned(low, other.low) : byHigh;
  }
}
