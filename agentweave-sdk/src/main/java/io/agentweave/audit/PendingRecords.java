package io.agentweave.audit;

import io.agentweave.journal.LineScanner;
import io.agentweave.journal.PlainFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a {@link PendingFile} held at one moment, read also while its agent writes. Read it before
 * the log's files: then what is missing there by the time that they are read stands here, and what
 * stands in both is passed over by its number.
 */
final class PendingRecords {
  /** A running log frees a half every few milliseconds at most, and a look takes a fraction. */
  private static final int LOOKS = 100;

  private final byte[] lines;
  private final boolean exact;

  private PendingRecords(byte[] lines, boolean exact) {
    this.lines = lines;
    this.exact = exact;
  }

  /** A half as its number describes it. */
  private record Extent(long generation, int bytes) {
    static Extent of(long number) {
      return new Extent(
          number >>> PendingFile.LENGTH_BITS,
          (int) (number & ((1 << PendingFile.LENGTH_BITS) - 1)));
    }

    boolean isWithin(Extent later) {
      return generation == later.generation && bytes <= later.bytes;
    }
  }

  /**
   * The directory's, or empty when it has no such file.
   *
   * @throws DamagedException when the file is not as an agent writes it
   */
  static Optional<PendingRecords> read(Path directory) throws IOException {
    Path path = directory.resolve(PendingFile.NAME);
    if (Files.notExists(path)) {
      return Optional.empty();
    }
    PlainFile.open(path).close();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      for (int look = 0; look < LOOKS; look++) {
        Optional<PendingRecords> seen = look(file);
        if (seen.isPresent()) {
          return seen;
        }
      }
    }
    // Somebody writes there without a pause; what was written so far is in the files.
    return Optional.of(new PendingRecords(new byte[0], true));
  }

  private static Optional<PendingRecords> look(RandomAccessFile file) throws IOException {
    byte[] header = header(file);
    Extent[] extents = extents(header);
    int older = extents[0].generation <= extents[1].generation ? 0 : 1;
    byte[] first = lines(file, older, extents[older]);
    byte[] second = lines(file, 1 - older, extents[1 - older]);
    Extent[] after = extents(header(file));
    // The older half may not have grown meanwhile: lines would be missing between the two.
    if (!extents[older].equals(after[older]) || !extents[1 - older].isWithin(after[1 - older])) {
      return Optional.empty();
    }
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    byte[] boot = PendingFile.boot();
    int bootAt = PendingFile.MAGIC.length;
    boolean known = !Arrays.equals(boot, new byte[PendingFile.BOOT_BYTES]);
    boolean sameBoot =
        Arrays.equals(boot, Arrays.copyOfRange(header, bootAt, bootAt + boot.length));
    return Optional.of(new PendingRecords(both, known && sameBoot));
  }

  private static byte[] header(RandomAccessFile file) throws IOException {
    if (file.length() != PendingFile.FILE_BYTES) {
      throw new DamagedException();
    }
    byte[] header = new byte[PendingFile.NUMBERS_AT + 2 * Long.BYTES];
    byte[] again = new byte[header.length];
    do {
      file.seek(0);
      file.readFully(header);
      file.seek(0);
      file.readFully(again);
    } while (!Arrays.equals(header, again));
    int magic = PendingFile.MAGIC.length;
    if (!Arrays.equals(header, 0, magic, PendingFile.MAGIC, 0, magic)) {
      throw new DamagedException();
    }
    return header;
  }

  private static Extent[] extents(byte[] header) throws IOException {
    ByteBuffer numbers = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    Extent[] extents = new Extent[2];
    for (int half = 0; half < 2; half++) {
      extents[half] = Extent.of(numbers.getLong(PendingFile.NUMBERS_AT + Long.BYTES * half));
      if (extents[half].bytes > PendingFile.HALF_BYTES) {
        throw new DamagedException();
      }
    }
    return extents;
  }

  private static byte[] lines(RandomAccessFile file, int half, Extent extent) throws IOException {
    byte[] lines = new byte[extent.bytes];
    file.seek(PendingFile.halfAt(half));
    file.readFully(lines);
    return lines;
  }

  /** Lines of the log, in order; do not write to them. */
  byte[] lines() {
    return lines;
  }

  /**
   * Whether each byte is what was written: not so after another boot of the system, which keeps of
   * a file whatever pages it had come to write.
   */
  boolean exact() {
    return exact;
  }

  LineScanner scanner() {
    return new LineScanner(new ByteArrayInputStream(lines), 0, RecordLine.LONGEST);
  }

  /** No crash leaves the file like this. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException() {
      super("the file of pending records is damaged");
    }
  }
}
