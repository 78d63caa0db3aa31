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

  /**
   * Maps the first {@code length} bytes of a file that has them, shared with the system: what is
   * put there survives the process, whatever ends it, without a call of the system.
   */
  MappedFile map(Path file, int length) throws IOException;

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

    /**
     * Tells the system that nobody will read this range soon: it need not keep in memory what is on
     * the disk.
     */
    void release(long from, long to);
  }

  /** One mapped file. Puts are for one thread at a time; {@link #force} may run beside them. */
  interface MappedFile extends Closeable {

    /** Copies into the file. Whoever reads the file meanwhile may see a part of it. */
    void put(int position, byte[] bytes, int from, int count) throws IOException;

    /**
     * Writes a number, little-endian, at a multiple of eight. Whoever sees it sees all that was put
     * and published before.
     */
    void publish(int position, long number) throws IOException;

    /** Whether the file still stands where it was opened, with all of its length. */
    boolean isInPlace();

    void force() throws IOException;
  }
}
