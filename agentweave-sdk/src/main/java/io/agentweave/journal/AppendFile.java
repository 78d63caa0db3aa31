package io.agentweave.journal;

import io.agentweave.journal.Disk.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that only grows, by all of what is appended or by none of it. Appends and reads are for
 * one thread at a time; {@link #force} may run beside them.
 */
public final class AppendFile implements Closeable {
  private final Path path;
  private final OpenFile file;
  private volatile long length;
  private boolean tailInDoubt;

  private AppendFile(Path path, OpenFile file, long length) {
    this.path = path;
    this.file = file;
    this.length = length;
  }

  /** Opens the file, or makes it; what it holds is taken as good. */
  public static AppendFile open(Disk disk, Path path) throws IOException {
    OpenFile file = disk.open(path);
    return new AppendFile(path, file, file.length());
  }

  public Path path() {
    return path;
  }

  /** Bytes that were appended whole. */
  public long length() {
    return length;
  }

  /**
   * Appends. When it throws, the file is as it was; if even that could not be brought about, the
   * next append does it first.
   */
  public void append(byte[] bytes, int from, int count) throws IOException {
    dropDoubtfulTail();
    tailInDoubt = true;
    long good = length;
    try {
      file.write(good, bytes, from, count);
    } catch (IOException e) {
      try {
        dropDoubtfulTail();
      } catch (IOException stillThere) {
        e.addSuppressed(stillThere);
      }
      throw e;
    }
    length = good + count;
    tailInDoubt = false;
  }

  /** Takes back what was appended after {@code keep} bytes. */
  public void truncate(long keep) throws IOException {
    length = keep;
    tailInDoubt = true;
    dropDoubtfulTail();
  }

  /**
   * Keeps what comes after {@code keep} bytes in another file and takes it out of this one, both
   * durably.
   */
  public void moveTailAside(Disk disk, long keep, Path to) throws IOException {
    try (OpenFile aside = disk.open(to)) {
      aside.truncate(0);
      byte[] chunk = new byte[1 << 16];
      for (long at = keep; at < length; at += chunk.length) {
        int count = (int) Math.min(chunk.length, length - at);
        file.read(at, chunk, 0, count);
        aside.write(at - keep, chunk, 0, count);
      }
      aside.force();
    }
    disk.forceDirectory(to.resolveSibling(""));
    truncate(keep);
    force();
  }

  /** Fills {@code bytes} from {@code position} on. */
  public void read(long position, byte[] bytes) throws IOException {
    file.read(position, bytes, 0, bytes.length);
  }

  /** Forces everything appended before to the disk. */
  public void force() throws IOException {
    file.force();
  }

  /** Lets the system forget a range that was forced: nobody will read it soon. */
  public void release(long from, long to) {
    file.release(from, to);
  }

  /**
   * Writes the same bytes again from {@code position} to the end, and forces them. After a failed
   * {@link #force} the kernel may count unwritten pages as written, so forcing again proves
   * nothing.
   */
  public void rewriteAndForce(long position) throws IOException {
    byte[] chunk = new byte[1 << 16];
    for (long at = position; at < length; at += chunk.length) {
      int count = (int) Math.min(chunk.length, length - at);
      file.read(at, chunk, 0, count);
      file.write(at, chunk, 0, count);
    }
    file.force();
  }

  private void dropDoubtfulTail() throws IOException {
    if (tailInDoubt) {
      file.truncate(length);
      tailInDoubt = false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
