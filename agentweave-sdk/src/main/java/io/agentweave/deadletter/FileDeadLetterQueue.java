package io.agentweave.deadletter;

import io.agentweave.deadletter.LetterLine.FailedAgain;
import io.agentweave.deadletter.LetterLine.Settled;
import io.agentweave.journal.DirectoryLock;
import io.agentweave.journal.Disk;
import io.agentweave.journal.GroupCommit;
import io.agentweave.journal.GroupCommit.Pending;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
 * come at the same time share that. Memory holds where each of them is and no more, in 56 bytes;
 * once open letters take a sixth of the heap, the next one is refused as on a full disk.
 */
public final class FileDeadLetterQueue implements DeadLetterQueue {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileDeadLetterQueue.class);
  private static final int LARGEST_CONTENT = 128 << 20;
  private static final int MOST_LETTERS = 10_000_000;
  private static final long COMPACT_AT = 16L << 20;

  private final InstantSource clock;
  private final DirectoryLock directoryLock;
  private final LetterJournal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final GroupCommit<List<DeadLetter>, Optional<RuntimeException>> additions =
      new GroupCommit<>(lock, this::addTogether);
  private boolean closed;

  private FileDeadLetterQueue(
      InstantSource clock, DirectoryLock directoryLock, LetterJournal journal) {
    this.clock = clock;
    this.directoryLock = directoryLock;
    this.journal = journal;
  }

  /**
   * Opens the directory, or makes it.
   *
   * @throws DeadLetterException when another process has it, or its journal can't be read or is
   *     damaged in a way that no crash brings about
   */
  public static FileDeadLetterQueue open(Path directory) {
    long most = Runtime.getRuntime().maxMemory() / 6 / PackedLetters.BYTES_EACH;
    return open(
        directory,
        Disk.local(),
        InstantSource.system(),
        COMPACT_AT,
        (int) Math.min(most, MOST_LETTERS));
  }

  static FileDeadLetterQueue open(
      Path directory, Disk disk, InstantSource clock, long compactAt, int most) {
    try {
      DirectoryLock directoryLock = DirectoryLock.acquire(directory);
      try {
        LetterJournal journal = LetterJournal.open(directory, disk, compactAt, most);
        journal.compactIfWorthIt(clock.instant());
        return new FileDeadLetterQueue(clock, directoryLock, journal);
      } catch (IOException | RuntimeException e) {
        directoryLock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DeadLetterException("dead letters can't be opened: " + e.getMessage(), e);
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
    if (IndexedLetter.id(letter.id()).isEmpty()) {
      throw new IllegalArgumentException("a dead letter's id is a UUID, not " + letter.id());
    }
  }

  /** Runs under the lock. */
  private void addTogether(List<Pending<List<DeadLetter>, Optional<RuntimeException>>> batch) {
    List<IndexedLetter> written = new ArrayList<>();
    List<Pending<List<DeadLetter>, Optional<RuntimeException>>> waiting = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    long number = journal.index().changes();
    for (var pending : batch) {
      Optional<RuntimeException> objection = objection(pending.entry(), written.size(), ids);
      if (objection.isPresent()) {
        pending.answer(objection);
      } else {
        int before = journal.line().size();
        int writtenBefore = written.size();
        try {
          write(pending.entry(), number + 1, written);
          number++;
          waiting.add(pending);
        } catch (RuntimeException | Error e) {
          // Half a line would be the beginning of the next one.
          journal.line().rewind(before);
          written.subList(writtenBefore, written.size()).clear();
          pending.answer(Optional.of(new DeadLetterException("the dead letter can't be kept", e)));
        }
      }
    }
    Optional<RuntimeException> failure = Optional.empty();
    try {
      if (!waiting.isEmpty()) {
        journal.commit(number);
        written.forEach(journal.index()::put);
      }
    } catch (DeadLetterException e) {
      failure = Optional.of(e);
    }
    for (var pending : waiting) {
      pending.answer(failure);
    }
  }

  private Optional<RuntimeException> objection(
      List<DeadLetter> letters, int written, Set<String> ids) {
    if (closed) {
      return Optional.of(closedAlready());
    }
    if (!journal.index().hasRoomFor((long) written + letters.size())) {
      return Optional.of(full());
    }
    Set<String> mine = new HashSet<>();
    for (DeadLetter letter : letters) {
      String id = letter.id();
      if (journal.index().holds(id) || ids.contains(id) || !mine.add(id)) {
        return Optional.of(new IllegalArgumentException("letter " + id + " was added before"));
      }
    }
    ids.addAll(mine);
    return Optional.empty();
  }

  /** As when the disk is full. */
  private DeadLetterException full() {
    IOException cause =
        new IOException(
            "%d letters are open and memory has room for %d: discard or replay some"
                .formatted(journal.index().open(), journal.index().most()));
    return new DeadLetterException("the dead letter can't be kept: " + cause.getMessage(), cause);
  }

  private void write(List<DeadLetter> letters, long number, List<IndexedLetter> written) {
    int left = letters.size();
    for (DeadLetter letter : letters) {
      written.add(LetterLine.added(journal.line(), journal.end(), number, --left, letter, null));
    }
  }

  @Override
  public List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit) {
    return underLock(
        () -> journal.index().newest(status, Optional.empty(), limit).map(journal::whole).toList());
  }

  @Override
  public List<ListedLetter> page(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    return underLock(
        () ->
            FillingPage.of(
                journal.index().newest(status, before, limit).map(journal::listed), limit));
  }

  @Override
  public Optional<DeadLetter> find(String id) {
    return underLock(() -> journal.index().find(id).map(journal::whole));
  }

  @Override
  public boolean settle(String id, DeadLetter.Status status) {
    if (status == DeadLetter.Status.OPEN) {
      throw new IllegalArgumentException("a letter is settled as REPLAYED or DISCARDED");
    }
    return underLock(
        () -> {
          boolean open = isOpen(id);
          if (open) {
            Settled change = new Settled(id, status, now());
            LetterLine.settled(journal.line(), journal.index().changes() + 1, change);
            keep(change);
          }
          return open;
        });
  }

  @Override
  public void failedAgain(String id, String reason, String detail) {
    underLock(
        () -> {
          boolean open = isOpen(id);
          if (open) {
            FailedAgain change =
                LetterLine.failedAgain(
                    journal.line(),
                    journal.end(),
                    journal.index().changes() + 1,
                    id,
                    Storable.text(reason),
                    Storable.detail(detail),
                    now());
            keep(change);
          }
          return open;
        });
  }

  private boolean isOpen(String id) {
    return journal.index().find(id).filter(IndexedLetter::isOpen).isPresent();
  }

  private void keep(LetterLine.Change change) {
    journal.commit(journal.index().changes() + 1);
    journal.index().apply(change);
    journal.compactIfWorthIt(clock.instant());
  }

  @Override
  public long open() {
    return underLock(() -> journal.index().open());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private <T> T underLock(Supplier<T> action) {
    lock.lock();
    try {
      if (closed) {
        throw closedAlready();
      }
      return action.get();
    } finally {
      // Empty, unless a change failed half-way.
      journal.line().rewind(0);
      lock.unlock();
    }
  }

  private static IllegalStateException closedAlready() {
    return new IllegalStateException("the dead-letter queue is closed");
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        journal.close();
        directoryLock.close();
      }
    } catch (IOException e) {
      LOGGER.warn("the dead-letter journal did not close well: {}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }
}
