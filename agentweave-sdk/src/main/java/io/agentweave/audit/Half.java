package io.agentweave.audit;

import io.agentweave.journal.JsonLine;

/**
 * Half of what may wait to be appended to a file: whole lines in memory, the same as stand in one
 * half of the {@link PendingFile}. What goes into the log's files comes from here, so that nobody
 * gets something into it by writing to the pending file. For one thread at a time.
 */
final class Half {
  private final int number;
  private final JsonLine lines = new JsonLine();
  private long generation;
  private int taken;
  private ChainLink end;

  Half(int number, ChainLink start) {
    this.number = number;
    this.end = start;
  }

  /** 0 or 1. */
  int number() {
    return number;
  }

  JsonLine lines() {
    return lines;
  }

  byte[] bytes() {
    return lines.bytes();
  }

  int size() {
    return lines.size();
  }

  /** Counts the uses of both halves: the one with the higher number holds the later records. */
  long generation() {
    return generation;
  }

  void begin(long nextGeneration) {
    generation = nextGeneration;
  }

  /** Forgets its lines. */
  void clear() {
    taken = 0;
    lines.rewind(0);
  }

  /** No more lines come. */
  void endWith(ChainLink last) {
    end = last;
  }

  /** Its last record, once no more lines come. */
  ChainLink end() {
    return end;
  }

  /** So many bytes are in the log's file. */
  int taken() {
    return taken;
  }

  void take(int more) {
    taken += more;
  }

  int left() {
    return lines.size() - taken;
  }
}
