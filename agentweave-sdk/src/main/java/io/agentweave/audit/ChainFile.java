package io.agentweave.audit;

import io.agentweave.journal.AppendFile;
import io.agentweave.journal.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The chain as it grows: records are written into memory, then appended together, all or none, to
 * the newest file. Everything but {@link #force} and {@link #synced} is for one thread at a time.
 */
final class ChainFile implements Closeable {

  /** A place in the log up to which something holds. */
  record Position(AuditFile file, long end, ChainLink link) {}

  private final Disk disk;
  private final Path directory;
  private final long maxFileBytes;
  private final RecordWriter writer;

  /** Held to force the current file, and to replace it by the next. */
  private final ReentrantLock fileLock = new ReentrantLock();

  private AppendFile file;
  private AuditFile named;
  private volatile Position appended;
  private volatile Position synced;

  ChainFile(Disk disk, AuditSettings settings, ChainTail tail) {
    this.disk = disk;
    this.directory = settings.directory();
    this.maxFileBytes = settings.maxFileBytes();
    this.writer = new RecordWriter(settings.agent().toString(), tail.link());
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

  /** Writes one record into memory. Returns its sequence. */
  long write(Instant at, AuditEntry entry) {
    writer.write(at, entry);
    return writer.tip().sequence();
  }

  /** Bytes in memory. */
  int pending() {
    return writer.size();
  }

  /** Appends what is in memory; when it throws, none of it is or will be in the log. */
  void append() throws IOException {
    try {
      if (file.length() >= maxFileBytes) {
        rotate();
      }
      file.append(writer.bytes(), 0, writer.size());
    } catch (IOException | RuntimeException | Error e) {
      rollBack();
      throw e;
    }
    writer.commit();
    appended = new Position(named, file.length(), writer.committed());
  }

  /** Forgets what is in memory. */
  void rollBack() {
    writer.rollBack();
  }

  private void rotate() throws IOException {
    fileLock.lock();
    try {
      file.force();
      synced = appended;
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
      }
    } finally {
      fileLock.unlock();
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
    new Head(agent, at.link().sequence(), at.link().hash(), at.file().name(), at.end())
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
