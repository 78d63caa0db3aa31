package io.agentweave.cli;

/** A line of a file of events: where it stands there, how long it is, and what is sent of it. */
final class EventLine {
  private final long number;
  private final long size;
  private final byte[] bytes;

  /**
   * The array is shared, not copied.
   *
   * @param number from 1, blank lines counted
   * @param size in the file, in bytes
   */
  EventLine(long number, long size, byte[] bytes) {
    this.number = number;
    this.size = size;
    this.bytes = bytes;
  }

  /** The same line, in the form in which it travels. */
  EventLine as(byte[] json) {
    return new EventLine(number, size, json);
  }

  /** What it is called in messages. */
  String name() {
    return "line %,d (%,d bytes)".formatted(number, size);
  }

  long size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }
}
