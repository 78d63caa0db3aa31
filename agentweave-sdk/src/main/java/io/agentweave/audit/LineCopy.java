package io.agentweave.audit;

import io.agentweave.audit.ChainFile.Position;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that copies the log's lines to a stream. It reads them back from the files, so that a
 * stream that nobody empties holds up no call and fills no memory: it just falls behind.
 */
final class LineCopy {
  private static final Logger LOGGER = LoggerFactory.getLogger(LineCopy.class);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

  private final OutputStream stream;
  private final Supplier<Position> appended;
  private final Thread thread;
  private AuditFile file;
  private long copied;
  private volatile boolean closing;

  /**
   * @param appended up to where lines are good to copy; copying starts at where it stands now
   */
  LineCopy(OutputStream stream, Supplier<Position> appended) {
    this.stream = stream;
    this.appended = appended;
    this.file = appended.get().file();
    this.copied = appended.get().end();
    this.thread = Thread.ofPlatform().daemon().name("audit-copy").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void moreToCopy() {
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      while (!closing) {
        // News that comes during a copy is used up by whatever the stream waits for.
        if (!isBehind(appended.get())) {
          LockSupport.park(this);
        }
        copyUpTo(appended.get());
      }
      copyUpTo(appended.get());
    } catch (IOException e) {
      LOGGER.warn("audit records are no longer copied: {}", e.getMessage());
    }
  }

  private boolean isBehind(Position end) {
    return !file.equals(end.file()) || copied < end.end();
  }

  private void copyUpTo(Position end) throws IOException {
    while (!file.equals(end.file())) {
      copy(file.path().toFile().length());
      file = next();
      copied = 0;
    }
    copy(end.end());
    stream.flush();
  }

  private void copy(long end) throws IOException {
    if (end > copied) {
      try (InputStream in = file.read(copied)) {
        byte[] chunk = new byte[1 << 16];
        while (copied < end) {
          int count = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, end - copied));
          stream.write(chunk, 0, count);
          copied += count;
        }
      }
    }
  }

  private AuditFile next() throws IOException {
    List<AuditFile> files = AuditFile.list(file.path().resolveSibling("."));
    return files.stream()
        .filter(other -> other.firstSequence() > file.firstSequence())
        .findFirst()
        .map(other -> AuditFile.startingAt(file.path().resolveSibling(""), other.firstSequence()))
        .orElseThrow(() -> new IOException("the file after " + file.name() + " is gone"));
  }

  /** Copies the rest, unless the stream takes too long. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
