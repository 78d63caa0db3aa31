package io.agentweave.deadletter;

import io.agentweave.journal.AppendFile;
import io.agentweave.journal.Disk;
import io.agentweave.journal.JsonLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal file and the index over it. A change is written into {@link #line}, then committed:
 * appended and forced to the disk, or not there at all. For one thread at a time.
 */
final class LetterJournal implements Closeable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LetterJournal.class);
  private static final Duration SETTLED_ARE_KEPT = Duration.ofDays(30);
  private static final int LARGEST_KEPT_BUFFER = 1 << 20;

  private final Disk disk;
  private final LetterIndex index;
  private AppendFile file;
  private JsonLine line = new JsonLine();
  private long compactAt;

  private LetterJournal(Disk disk, AppendFile file, LetterIndex index, long compactAt) {
    this.disk = disk;
    this.file = file;
    this.index = index;
    this.compactAt = compactAt;
  }

  /** Opens the directory's journal, or makes it, and moves an unfinished change out of it. */
  static LetterJournal open(Path directory, Disk disk, long compactAt) throws IOException {
    AppendFile file = AppendFile.open(disk, directory.resolve("dead-letters.jsonl"));
    try {
      disk.forceDirectory(directory);
      LetterIndex index = LetterIndex.read(file.path());
      if (file.length() > index.end()) {
        Path aside = directory.resolve("torn-%d.bin".formatted(index.changes() + 1));
        LOGGER.warn(
            "{} bytes of an unfinished change moved to {}", file.length() - index.end(), aside);
        file.moveTailAside(disk, index.end(), aside);
      }
      return new LetterJournal(disk, file, index, compactAt);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  LetterIndex index() {
    return index;
  }

  /** Where changes are written before they are committed; empty after that. */
  JsonLine line() {
    return line;
  }

  /** Where in the file the first byte of {@link #line} will be. */
  long end() {
    return file.length();
  }

  /**
   * Makes what was written durable.
   *
   * @param number of the last change that was written
   */
  void commit(long number) {
    long before = file.length();
    try {
      file.append(line.bytes(), 0, line.size());
      file.force();
      index.reached(number);
    } catch (IOException e) {
      takeBack(before);
      throw new DeadLetterException("the dead letter can't be kept: " + e.getMessage(), e);
    } finally {
      line.rewind(0);
      line = line.bytes().length > LARGEST_KEPT_BUFFER ? new JsonLine() : line;
    }
  }

  private void takeBack(long before) {
    try {
      if (file.length() > before) {
        file.truncate(before);
      }
    } catch (IOException e) {
      LOGGER.warn("an unfinished change stays behind until the next one: {}", e.getMessage());
    }
  }

  DeadLetter whole(IndexedLetter letter) {
    try {
      return letter.withContent(Base64.getDecoder().decode(base64(letter)));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Reads no more of the content than the end of its base64, which tells its size. */
  ListedLetter listed(IndexedLetter letter) {
    int length = letter.contentLength();
    byte[] end = new byte[Math.min(2, length)];
    try {
      file.read(letter.contentAt() + length - end.length, end);
    } catch (IOException e) {
      throw unreadable(e);
    }
    int padding = 0;
    for (byte b : end) {
      padding += b == '=' ? 1 : 0;
    }
    return new ListedLetter(letter.letter(), length / 4 * 3 - padding);
  }

  private static DeadLetterException unreadable(IOException cause) {
    return new DeadLetterException("the dead letter can't be read: " + cause.getMessage(), cause);
  }

  private byte[] base64(IndexedLetter letter) throws IOException {
    byte[] base64 = new byte[letter.contentLength()];
    file.read(letter.contentAt(), base64);
    return base64;
  }

  /** Writes the journal anew when it is large and at least half of it says nothing any more. */
  void compactIfWorthIt(Instant now) {
    if (file.length() < compactAt) {
      return;
    }
    Instant oldest = now.minus(SETTLED_ARE_KEPT);
    List<IndexedLetter> kept =
        index.all().stream()
            .filter(letter -> letter.settledAt() == null || letter.settledAt().isAfter(oldest))
            .toList();
    long needed = kept.stream().mapToLong(IndexedLetter::lineLength).sum();
    if (needed <= file.length() / 2) {
      try {
        compact(kept);
      } catch (IOException e) {
        LOGGER.warn("the dead-letter journal could not be compacted: {}", e.getMessage());
      }
    }
    compactAt = Math.max(compactAt, 2 * file.length());
  }

  private void compact(List<IndexedLetter> kept) throws IOException {
    Path next = file.path().resolveSibling("dead-letters.next");
    List<IndexedLetter> moved = new ArrayList<>(kept.size());
    try (AppendFile fresh = AppendFile.open(disk, next)) {
      fresh.truncate(0);
      JsonLine lines = new JsonLine();
      long number = index.changes();
      for (IndexedLetter letter : kept) {
        moved.add(
            LetterLine.added(
                lines,
                fresh.length(),
                ++number,
                0,
                letter.letter(),
                letter.settledAt(),
                base64(letter)));
        fresh.append(lines.bytes(), 0, lines.size());
        lines.rewind(0);
      }
      fresh.force();
    }
    disk.replace(next, file.path());
    AppendFile old = file;
    file = AppendFile.open(disk, old.path());
    old.close();
    index.replaceBy(moved);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
