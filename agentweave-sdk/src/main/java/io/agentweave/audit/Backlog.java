package io.agentweave.audit;

import io.agentweave.journal.JsonLine;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The records that are with the operating system and not yet in one of the log's files: in memory,
 * and in the {@link PendingFile} in case the process dies. They wait in two halves, so that one can
 * grow while the other is appended to the file. Under the log's lock, except where it says so.
 */
final class Backlog implements Closeable {
  /**
   * A half that has so much is worth a write of its own. The same few pages of both halves are used
   * again and again then, which stay in the processor's cache.
   */
  private static final int MUCH_BYTES = 64 << 10;

  private final RecordWriter writer;
  private Half growing;
  private Half other;
  private boolean taken;
  private boolean much;
  private volatile @Nullable PendingFile file;
  private volatile @Nullable IOException lost;

  Backlog(RecordWriter writer) {
    this.writer = writer;
    this.growing = new Half(0, writer.tip());
    this.other = new Half(1, writer.tip());
  }

  /** The number of the last record. */
  long sequence() {
    return writer.sequence();
  }

  ChainLink tip() {
    return writer.tip();
  }

  /**
   * Writes one record. When it throws or finds no room, as if it had not been called.
   *
   * @return false when there is no room until a half is taken and freed
   * @throws IOException when it can't be given to the system
   */
  boolean write(Instant at, AuditEntry entry) throws IOException {
    PendingFile to = file();
    JsonLine lines = growing.lines();
    int before = lines.size();
    writer.write(lines, at, entry);
    boolean fits = lines.size() <= PendingFile.HALF_BYTES;
    try {
      if (fits) {
        to.add(growing, before);
        much |= before < MUCH_BYTES && lines.size() >= MUCH_BYTES;
        return true;
      }
    } catch (IOException e) {
      takeBack(before);
      lost = e;
      throw e;
    } catch (RuntimeException | Error e) {
      takeBack(before);
      publish(growing);
      throw e;
    }
    takeBack(before);
    if (before == 0) {
      throw new IllegalArgumentException("the record is longer than any may be");
    }
    much = true;
    if (taken) {
      return false;
    }
    take();
    return write(at, entry);
  }

  /** Whether so much has come since this was last asked that it should be appended soon. */
  boolean hasBecomeMuch() {
    boolean soon = much;
    much = false;
    return soon;
  }

  private void takeBack(int keep) {
    growing.lines().rewind(keep);
    writer.takeBack();
  }

  private PendingFile file() throws IOException {
    PendingFile now = file;
    IOException why = lost;
    if (now == null || why != null) {
      throw new IOException(why == null ? "there is no pending file" : why.getMessage(), why);
    }
    return now;
  }

  /**
   * The half whose lines are to be appended to the file next, or null when nothing waits. It is the
   * same one until it is freed.
   */
  @Nullable Half take() {
    if (!taken && growing.size() > 0) {
      Half full = growing;
      full.endWith(writer.tip());
      growing = other;
      growing.begin(full.generation() + 1);
      other = full;
      taken = true;
      publish(growing);
    }
    return taken ? other : null;
  }

  /** Whether a half was taken and is not freed. */
  boolean isTaken() {
    return taken;
  }

  /** What was taken is in the file. */
  void free() {
    other.clear();
    taken = false;
    publish(other);
  }

  /** A file that is gone matters only to the next record: the lines here are what counts. */
  private void publish(Half half) {
    PendingFile to = file;
    try {
      if (to != null) {
        to.publish(half);
      }
    } catch (IOException e) {
      lost = e;
    }
  }

  /** Whether records can be given to the system. Any thread. */
  boolean hasFile() {
    PendingFile now = file;
    return now != null && lost == null && now.isInPlace();
  }

  /** Goes on with this file, which is empty, as is the backlog. */
  void goOnWith(PendingFile next) throws IOException {
    PendingFile before = file;
    file = next;
    lost = null;
    publish(growing);
    if (before != null) {
      before.close();
    }
  }

  /** Forces what waits to the disk, where it is. Any thread. */
  void force() throws IOException {
    PendingFile now = file;
    if (now != null) {
      now.force();
    }
  }

  @Override
  public void close() throws IOException {
    PendingFile last = file;
    file = null;
    if (last != null) {
      last.close();
    }
  }
}
