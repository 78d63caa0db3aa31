package io.agentweave.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The operations on files whose failure a journal has to survive. */
public interface Disk {

  /** Opens for reading and writing; makes the file when it is absent. */
  OpenFile open(Path file) throws IOException;

  /** Puts a file in place of {@code target}, whole or not at all, forced to the disk. */
  void replace(Path source, Path target) throws IOException;

  /** Forces the directory's list of names to the disk. */
  void forceDirectory(Path directory) throws IOException;

  /** The file system of this machine. */
  static Disk local() {
    return new LocalDisk();
  }

  /**
   * One open file. Reads and writes may not overlap each other; {@link #force} may run beside them.
   */
  interface OpenFile extends Closeable {

    long length() throws IOException;

    /** Writes all of it, or throws when some or none of it is written. */
    void write(long position, byte[] bytes, int from, int count) throws IOException;

    /** Fills the range, or throws at the end of the file. */
    void read(long position, byte[] bytes, int from, int count) throws IOException;

    void truncate(long length) throws IOException;

    /** Forces what was written to the disk ({@code fsync}). */
    void force() throws IOException;
  }
}
