package io.agentweave.audit;

import io.agentweave.journal.Disk;
import io.agentweave.journal.Disk.MappedFile;
import io.agentweave.journal.Disk.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file {@code pending}, mapped: what was recorded and is not in one of the log's files yet. It
 * is written only here and read only when its process has died, or by who looks at a running log.
 *
 * <p>A page with the format's name, the boot of the system that it was written under, and a number
 * for each half ({@code generation << 24 | bytes}); then the halves, each with lines of the log. A
 * half grows until it is appended to the file, is then freed, and gets the next generation when it
 * is begun again. All of the file is allocated beforehand, so that no put can find the disk full.
 *
 * <p>For one thread at a time, but {@link #isInPlace} and {@link #force}.
 */
final class PendingFile implements Closeable {
  static final String NAME = "pending";

  /** More than the longest record has. */
  static final int HALF_BYTES = 512 << 10;

  static final int HEADER_BYTES = 4096;
  static final int FILE_BYTES = HEADER_BYTES + 2 * HALF_BYTES;
  static final int BOOT_BYTES = 36;
  static final int NUMBERS_AT = 64;
  static final int LENGTH_BITS = 24;
  static final byte[] MAGIC = "agentweave pending 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private final MappedFile file;

  private PendingFile(MappedFile file) {
    this.file = file;
  }

  /** Makes an empty one, or empties the one that is there. */
  static PendingFile open(Disk disk, Path directory) throws IOException {
    Path path = directory.resolve(NAME);
    if (Files.isRegularFile(path) && Files.size(path) == FILE_BYTES) {
      try (OpenFile there = disk.open(path)) {
        there.write(0, header(), 0, HEADER_BYTES);
        // A copy may have holes where there were zeros.
        there.write(HEADER_BYTES, new byte[2 * HALF_BYTES], 0, 2 * HALF_BYTES);
      }
    } else {
      make(disk, path);
    }
    return new PendingFile(disk.map(path, FILE_BYTES));
  }

  /** Under its name there is never less than a whole one: anything else was not left by a crash. */
  private static void make(Disk disk, Path path) throws IOException {
    Path next = path.resolveSibling(NAME + ".next");
    try (OpenFile made = disk.open(next)) {
      made.truncate(0);
      made.write(0, header(), 0, HEADER_BYTES);
      made.write(HEADER_BYTES, new byte[2 * HALF_BYTES], 0, 2 * HALF_BYTES);
      made.force();
    } catch (IOException e) {
      Files.deleteIfExists(next);
      throw e;
    }
    disk.replace(next, path);
  }

  private static byte[] header() {
    byte[] header = new byte[HEADER_BYTES];
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    byte[] boot = boot();
    System.arraycopy(boot, 0, header, MAGIC.length, boot.length);
    ByteBuffer.wrap(header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(NUMBERS_AT, number(0, 0))
        .putLong(NUMBERS_AT + Long.BYTES, number(0, 0));
    return header;
  }

  /** What names the system's present run; as many zeros where the system has no such name. */
  static byte[] boot() {
    byte[] boot = new byte[BOOT_BYTES];
    try (var in = Files.newInputStream(BOOT)) {
      in.readNBytes(boot, 0, BOOT_BYTES);
    } catch (IOException unknown) {
      return new byte[BOOT_BYTES];
    }
    return boot;
  }

  static int halfAt(int half) {
    return HEADER_BYTES + half * HALF_BYTES;
  }

  static long number(long generation, int bytes) {
    return generation << LENGTH_BITS | bytes;
  }

  /** Adds what the half holds from {@code from} on. */
  void add(Half half, int from) throws IOException {
    file.put(halfAt(half.number()) + from, half.bytes(), from, half.size() - from);
    publish(half);
  }

  /** States how far the half goes: after {@link Half#begin}, that it holds nothing. */
  void publish(Half half) throws IOException {
    file.publish(NUMBERS_AT + Long.BYTES * half.number(), number(half.generation(), half.size()));
  }

  boolean isInPlace() {
    return file.isInPlace();
  }

  void force() throws IOException {
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
