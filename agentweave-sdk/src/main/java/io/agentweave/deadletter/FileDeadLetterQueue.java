package io.agentweave.deadletter;

import io.agentweave.deadletter.LetterLine.FailedAgain;
import io.agentweave.deadletter.LetterLine.Settled;
import io.agentweave.journal.AppendFile;
import io.agentweave.journal.DirectoryLock;
import io.agentweave.journal.Disk;
import io.agentweave.journal.GroupCommit;
import io.agentweave.journal.GroupCommit.Pending;
import io.agentweave.journal.JsonLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters in an append-only file of a directory of its own: a line for each letter and for
 * each change of one. Every change is forced to the disk before its method returns; callers that
 * come at the same time share that. Memory holds everything but the contents.
 */
public final class FileDeadLetterQueue implements DeadLetterQueue {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileDeadLetterQueue.class);
  private static final Duration SETTLED_ARE_KEPT = Duration.ofDays(30);
  private static final int LARGEST_CONTENT = 128 << 20;
  private static final int LARGEST_KEPT_BUFFER = 1 << 20;

  private final Disk disk;
  private final InstantSource clock;
  private final DirectoryLock directoryLock;
  private final ReentrantLock lock = new ReentrantLock();
  private final GroupCommit<List<DeadLetter>, Optional<RuntimeException>> additions =
      new GroupCommit<>(lock, this::addTogether);
  private final LetterIndex index;
  private AppendFile file;
  private JsonLine line = new JsonLine();
  private long compactAt;
  private boolean closed;

  private FileDeadLetterQueue(
      Disk disk,
      InstantSource clock,
      long compactAt,
      DirectoryLock directoryLock,
      AppendFile file,
      LetterIndex index) {
    this.disk = disk;
    this.clock = clock;
    this.compactAt = compactAt;
    this.directoryLock = directoryLock;
    this.file = file;
    this.index = index;
  }

  /**
   * Opens the directory, or makes it.
   *
   * @throws DeadLetterException when another process has it, or its journal can't be read or is
   *     damaged in a way that no crash brings about
   */
  public static FileDeadLetterQueue open(Path directory) {
    return open(directory, Disk.local(), InstantSource.system(), 16L << 20);
  }

  static FileDeadLetterQueue open(Path directory, Disk disk, InstantSource clock, long compactAt) {
    try {
      DirectoryLock directoryLock = DirectoryLock.acquire(directory);
      try {
        return open(directory, disk, clock, compactAt, directoryLock);
      } catch (IOException | RuntimeException e) {
        directoryLock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DeadLetterException("dead letters can't be opened: " + e.getMessage(), e);
    }
  }

  private static FileDeadLetterQueue open(
      Path directory, Disk disk, InstantSource clock, long compactAt, DirectoryLock directoryLock)
      throws IOException {
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
      FileDeadLetterQueue queue =
          new FileDeadLetterQueue(disk, clock, compactAt, directoryLock, file, index);
      queue.compactIfWorthIt();
      return queue;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void addAll(List<DeadLetter> letters) {
    letters.forEach(FileDeadLetterQueue::expectReadable);
    if (!letters.isEmpty()) {
      Optional<RuntimeException> failure = additions.submit(List.copyOf(letters));
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  private static void expectReadable(DeadLetter letter) {
    if (letter.content().size() > LARGEST_CONTENT) {
      throw new IllegalArgumentException(
          "a dead letter holds at most %d bytes, not %d"
              .formatted(LARGEST_CONTENT, letter.content().size()));
    }
  }

  /** Runs under the lock. */
  private void addTogether(List<Pending<List<DeadLetter>, Optional<RuntimeException>>> batch) {
    List<IndexedLetter> written = new ArrayList<>();
    List<Pending<List<DeadLetter>, Optional<RuntimeException>>> waiting = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    long number = index.changes();
    for (var pending : batch) {
      Optional<String> repeated = repeated(pending.entry(), ids);
      if (repeated.isPresent()) {
        pending.answer(
            Optional.of(
                new IllegalArgumentException("letter " + repeated.get() + " was added before")));
      } else {
        number++;
        int left = pending.entry().size();
        for (DeadLetter letter : pending.entry()) {
          byte[] base64 = Base64.getEncoder().encode(letter.content().bytes());
          written.add(LetterLine.added(line, file.length(), number, --left, letter, null, base64));
        }
        waiting.add(pending);
      }
    }
    Optional<RuntimeException> failure = Optional.empty();
    try {
      appendAndForce();
      index.reached(number);
      written.forEach(index::put);
    } catch (DeadLetterException e) {
      failure = Optional.of(e);
    }
    for (var pending : waiting) {
      pending.answer(failure);
    }
  }

  private Optional<String> repeated(List<DeadLetter> letters, Set<String> ids) {
    Set<String> mine = new HashSet<>();
    for (DeadLetter letter : letters) {
      if (index.holds(letter.id()) || ids.contains(letter.id()) || !mine.add(letter.id())) {
        return Optional.of(letter.id());
      }
    }
    ids.addAll(mine);
    return Optional.empty();
  }

  private void appendAndForce() {
    long before = file.length();
    try {
      if (closed) {
        throw new IOException("the queue is closed");
      }
      file.append(line.bytes(), 0, line.size());
      file.force();
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

  @Override
  public List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit) {
    return underLock(() -> index.newest(status, limit).stream().map(this::whole).toList());
  }

  @Override
  public Optional<DeadLetter> find(String id) {
    return underLock(() -> index.find(id).map(this::whole));
  }

  private DeadLetter whole(IndexedLetter letter) {
    return letter.withContent(Base64.getDecoder().decode(base64(letter)));
  }

  private byte[] base64(IndexedLetter letter) {
    byte[] base64 = new byte[letter.contentLength()];
    try {
      file.read(letter.contentAt(), base64);
      return base64;
    } catch (IOException e) {
      throw new DeadLetterException("the dead letter can't be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean settle(String id, DeadLetter.Status status) {
    if (status == DeadLetter.Status.OPEN) {
      throw new IllegalArgumentException("a letter is settled as REPLAYED or DISCARDED");
    }
    return underLock(
        () -> {
          if (index.find(id).filter(IndexedLetter::isOpen).isEmpty()) {
            return false;
          }
          Settled change = new Settled(id, status, now());
          LetterLine.settled(line, index.changes() + 1, change);
          keep(change);
          return true;
        });
  }

  @Override
  public void failedAgain(String id, String reason, String detail) {
    underLock(
        () -> {
          if (index.find(id).filter(IndexedLetter::isOpen).isPresent()) {
            FailedAgain change = new FailedAgain(id, reason, detail, now());
            LetterLine.failedAgain(line, index.changes() + 1, change);
            keep(change);
          }
          return true;
        });
  }

  private void keep(LetterLine.Change change) {
    appendAndForce();
    index.reached(index.changes() + 1);
    index.apply(change);
    compactIfWorthIt();
  }

  @Override
  public long open() {
    return underLock(index::open);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Writes the journal anew when at least half of it says nothing any more. */
  private void compactIfWorthIt() {
    if (file.length() < compactAt) {
      return;
    }
    Instant oldest = clock.instant().minus(SETTLED_ARE_KEPT);
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
    AppendFile fresh = AppendFile.open(disk, next);
    List<IndexedLetter> moved = new ArrayList<>(kept.size());
    try (fresh) {
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

  private <T> T underLock(Supplier<T> action) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the queue is closed");
      }
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        file.close();
        directoryLock.close();
      }
    } catch (IOException e) {
      LOGGER.warn("the dead-letter journal did not close well: {}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }
}
