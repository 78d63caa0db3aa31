package io.agentweave.deadletter;

import io.agentweave.call.Payload;
import io.agentweave.journal.AppendFile;
import io.agentweave.journal.Disk;
import io.agentweave.journal.JsonLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
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
  private AppendFile file;
  private LetterIndex index;
  private JsonLine line = new JsonLine();
  private long compactAt;

  /** The open file may no longer be the one in the directory: nothing more may be kept in it. */
  private boolean adrift;

  private LetterJournal(Disk disk, AppendFile file, LetterIndex index, long compactAt) {
    this.disk = disk;
    this.file = file;
    this.index = index;
    this.compactAt = compactAt;
  }

  /**
   * Opens the directory's journal, or makes it, and moves an unfinished change out of it.
   *
   * @param most letters that it has room for in memory
   */
  static LetterJournal open(Path directory, Disk disk, long compactAt, int most)
      throws IOException {
    AppendFile file = AppendFile.open(disk, directory.resolve("dead-letters.jsonl"));
    try {
      disk.forceDirectory(directory);
      LetterIndex index = LetterIndex.read(file.path(), most);
      if (file.length() > index.end()) {
        Path aside =
            directory.resolve(String.format(Locale.ROOT, "torn-%d.bin", index.changes() + 1));
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
      if (adrift) {
        throw new IOException(
            "the journal could not be opened again when it was compacted; start the agent anew");
      }
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
      byte[] base64 = read(letter.contentAt(), letter.base64Length());
      return read(letter, Payload.ofJson(Base64.getDecoder().decode(base64)));
    } catch (IOException e) {
      throw unreadable(e);
    } catch (IllegalArgumentException e) {
      throw unreadable(new IOException("it is damaged", e));
    }
  }

  /** Reads everything but the content. */
  ListedLetter listed(IndexedLetter letter) {
    try {
      return new ListedLetter(read(letter, Payload.empty()), letter.contentSize());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DeadLetterException unreadable(IOException cause) {
    return new DeadLetterException("the dead letter can't be read: " + cause.getMessage(), cause);
  }

  private DeadLetter read(IndexedLetter letter, Payload content) throws IOException {
    byte[] head = read(letter.head().at(), letter.head().length());
    DeadLetter read = LetterLine.letter(head, content);
    if (letter.failures() > 0) {
      byte[] last = read(letter.last().at(), letter.last().length());
      read = LetterLine.failedAgain(read, last, letter.failures());
    }
    return read.with(letter.status());
  }

  private byte[] read(long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.read(at, bytes);
    return bytes;
  }

  /** Writes the journal anew when it is large and at least half of it says nothing any more. */
  void compactIfWorthIt(Instant now) {
    if (file.length() < compactAt) {
      return;
    }
    Instant oldest = now.minus(SETTLED_ARE_KEPT);
    long needed = 0;
    for (IndexedLetter letter : index.all()) {
      needed += isKept(letter, oldest) ? letter.lineLength() : 0;
    }
    if (needed <= file.length() / 2) {
      try {
        compact(oldest);
      } catch (IOException | DeadLetterException e) {
        LOGGER.warn("the dead-letter journal could not be compacted: {}", e.getMessage());
      }
    }
    compactAt = Math.max(compactAt, 2 * file.length());
  }

  private static boolean isKept(IndexedLetter letter, Instant oldest) {
    return letter.settledAt() == null || letter.settledAt().isAfter(oldest);
  }

  private void compact(Instant oldest) throws IOException {
    Path next = file.path().resolveSibling("dead-letters.next");
    LetterIndex moved = new LetterIndex(index.most());
    try (AppendFile fresh = AppendFile.open(disk, next)) {
      fresh.truncate(0);
      JsonLine lines = new JsonLine();
      long number = index.changes();
      for (IndexedLetter letter : index.all()) {
        if (isKept(letter, oldest)) {
          long at = fresh.length();
          moved.put(LetterLine.added(lines, at, ++number, 0, whole(letter), letter.settledAt()));
          fresh.append(lines.bytes(), 0, lines.size());
          lines.rewind(0);
        }
      }
      fresh.force();
      moved.reached(number);
    }
    AppendFile old = file;
    try {
      disk.replace(next, old.path());
      file = AppendFile.open(disk, old.path());
    } catch (IOException e) {
      adrift = !Files.exists(next);
      throw e;
    }
    old.close();
    index = moved;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
