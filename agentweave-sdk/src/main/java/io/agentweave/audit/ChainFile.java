package io.agentweave.audit;

import io.agentweave.journal.AppendFile;
import io.agentweave.journal.Disk;
import io.agentweave.journal.LineScanner;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log's files as they grow: lines are appended to the newest one until it is full. Everything
 * but {@link #force}, {@link #appended} and {@link #synced} is for one thread at a time.
 */
final class ChainFile implements Closeable {

  /** A place in the log up to which something holds. */
  record Position(AuditFile file, long end, ChainLink link) {}

  /** So much of the log's newest lines may be in the system's memory: few pages, used anew. */
  private static final long KEPT_BYTES = 4L << 20;

  private final Disk disk;
  private final Path directory;
  private final long maxFileBytes;

  /** Whether nobody reads the lines back as they come. */
  private final boolean unread;

  /** Held to force the current file, and to replace it by the next. */
  private final ReentrantLock fileLock = new ReentrantLock();

  private AppendFile file;
  private AuditFile named;
  private volatile Position appended;
  private volatile Position synced;

  /** What comes before in the current file is on the disk only. */
  private long released;

  ChainFile(Disk disk, AuditSettings settings, ChainTail tail) {
    this.disk = disk;
    this.directory = settings.directory();
    this.maxFileBytes = settings.maxFileBytes();
    this.unread = settings.copy().isEmpty();
    this.file = tail.file();
    this.named = named(file);
    this.appended = new Position(named, file.length(), tail.link());
    this.synced = appended;
  }

  /** Up to where records are appended. Any thread. */
  Position appended() {
    return appended;
  }

  /** Up to where records are forced to the disk. Any thread. */
  Position synced() {
    return synced;
  }

  /**
   * Appends what is left of the half. When it throws, what it says to have taken is in the log, and
   * nothing of the rest is.
   */
  void append(Half half) throws IOException {
    while (half.left() > 0) {
      if (file.length() >= maxFileBytes) {
        rotate();
      }
      int from = half.taken();
      int count = portion(half);
      file.append(half.bytes(), from, count);
      half.take(count);
      ChainLink last = half.left() == 0 ? half.end() : lastOf(half.bytes(), from, count);
      appended = new Position(named, file.length(), last);
    }
  }

  /** All that is left, or whole lines up to the one with which the file is full. */
  private int portion(Half half) {
    long room = maxFileBytes - file.length();
    if (half.left() <= room) {
      return half.left();
    }
    int end = half.taken() + (int) room;
    while (half.bytes()[end - 1] != '\n') {
      end++;
    }
    return end - half.taken();
  }

  private static ChainLink lastOf(byte[] lines, int from, int count) throws IOException {
    int start = from + count - 1;
    while (start > from && lines[start - 1] != '\n') {
      start--;
    }
    RecordLine line = new RecordLine();
    InputStream last = new ByteArrayInputStream(lines, start, from + count - start);
    try (LineScanner scanner = new LineScanner(last, 0, RecordLine.LONGEST)) {
      String wrong = scanner.next() ? line.read(scanner) : "there is no line";
      if (wrong != null) {
        throw new IllegalStateException(wrong);
      }
    }
    return line.link();
  }

  private void rotate() throws IOException {
    fileLock.lock();
    try {
      file.force();
      synced = appended;
      release(0);
      released = 0;
      long first = appended.link().sequence() + 1;
      AppendFile next = AppendFile.open(disk, AuditFile.startingAt(directory, first).path());
      disk.forceDirectory(directory);
      file.close();
      file = next;
      named = named(next);
    } finally {
      fileLock.unlock();
    }
  }

  /** Forces everything appended before to the disk. Any thread. */
  void force() throws IOException {
    Position reached = appended;
    fileLock.lock();
    try {
      // A file that was replaced meanwhile was forced when it was.
      if (reached.file().path().equals(file.path())) {
        file.force();
        synced = reached;
        release(KEPT_BYTES);
      }
    } finally {
      fileLock.unlock();
    }
  }

  /** Releases what is forced, when it is more than this. */
  private void release(long most) {
    long end = synced.end();
    if (unread && end - released > most) {
      file.release(released, end);
      released = end;
    }
  }

  /**
   * Makes good for a failed {@link #force}: reads back what was not forced, checks that it is what
   * was written, writes it again and forces it.
   */
  void forceAgain() throws IOException {
    fileLock.lock();
    try {
      Position from = synced;
      boolean sameFile = from.file().path().equals(file.path());
      long start = sameFile ? from.end() : 0;
      ChainTail.Scan scan = new ChainTail.Scan(from.link(), start);
      scan.run(appended.file());
      if (scan.link().sequence() != appended.link().sequence()) {
        throw new IOException(
            "the disk lost records from %d on".formatted(scan.link().sequence() + 1));
      }
      file.rewriteAndForce(start);
      synced = appended;
    } finally {
      fileLock.unlock();
    }
  }

  /** Writes HEAD for what is forced to the disk. */
  void writeHead(String agent) throws IOException {
    Position at = synced;
    new Head(agent, at.link().sequence(), at.link().hash(), at.file().name(), at.end(), true)
        .write(disk, directory);
  }

  private static AuditFile named(AppendFile file) {
    return AuditFile.of(file.path()).orElseThrow(() -> new IllegalStateException("" + file.path()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
