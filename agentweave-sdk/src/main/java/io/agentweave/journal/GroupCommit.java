package io.agentweave.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that come at the same time share one write.
 *
 * <p>The first caller into an empty waiting room leads: it takes the lock and commits for everybody
 * who came in until it had the lock. A lone caller leads itself, on its own thread, without waking
 * anyone. Order within a batch is order of arrival.
 *
 * <p>Where a commit costs much, the leader may gather: when others shared the last commit, it waits
 * until as many are there again, at most as long as that commit took. A caller after whom nobody
 * comes waits once, and the next one does not.
 *
 * @param <E> what a caller brings
 * @param <R> what it goes home with
 */
public final class GroupCommit<E, R> {
  private final ReentrantLock lock;
  private final Consumer<List<Pending<E, R>>> commit;
  private final long mostGatheringNanos;
  private final LongSupplier nanoTime;
  private final AtomicReference<@Nullable Pending<E, R>> newest = new AtomicReference<>();
  private volatile @Nullable Gathering gathering;

  // Of the last commit; guarded by the lock.
  private int lastShared = 1;
  private long lastNanos;

  /** A leader that waits until so many are there. */
  private record Gathering(Thread leader, int wanted) {}

  /**
   * Commits at once.
   *
   * @param lock held while {@code commit} runs
   * @param commit answers each pending entry; when it throws, {@link #submit} of those without an
   *     answer throws {@link IllegalStateException}
   */
  public GroupCommit(ReentrantLock lock, Consumer<List<Pending<E, R>>> commit) {
    this(lock, Duration.ZERO, commit);
  }

  /**
   * @param lock held while {@code commit} runs and while the leader gathers
   * @param mostGathering the leader waits no longer than this for others
   * @param commit answers each pending entry; when it throws, {@link #submit} of those without an
   *     answer throws {@link IllegalStateException}
   */
  public GroupCommit(
      ReentrantLock lock, Duration mostGathering, Consumer<List<Pending<E, R>>> commit) {
    this(lock, mostGathering, commit, System::nanoTime);
  }

  GroupCommit(
      ReentrantLock lock,
      Duration mostGathering,
      Consumer<List<Pending<E, R>>> commit,
      LongSupplier nanoTime) {
    this.lock = lock;
    this.mostGatheringNanos = mostGathering.toNanos();
    this.commit = commit;
    this.nanoTime = nanoTime;
  }

  /** Brings one entry and waits for its answer. Not ended by an interrupt, which is kept. */
  public R submit(E entry) {
    Pending<E, R> mine = new Pending<>(entry);
    Pending<E, R> before;
    do {
      before = newest.get();
      mine.previous = before;
      mine.place = before == null ? 1 : before.place + 1;
    } while (!newest.compareAndSet(before, mine));
    if (before == null) {
      lead();
    } else {
      Gathering waits = gathering;
      if (waits != null && mine.place >= waits.wanted()) {
        LockSupport.unpark(waits.leader());
      }
      mine.await();
    }
    return mine.result();
  }

  private void lead() {
    List<Pending<E, R>> batch;
    lock.lock();
    try {
      gather();
      batch = takeAll();
      long since = nanoTime.getAsLong();
      try {
        commit.accept(batch);
      } catch (RuntimeException | Error bug) {
        batch.forEach(pending -> pending.failIfUnanswered(bug));
      }
      lastNanos = nanoTime.getAsLong() - since;
      lastShared = batch.size();
    } finally {
      lock.unlock();
    }
    batch.forEach(Pending::release);
  }

  /** An interrupt ends it early, and is kept. */
  private void gather() {
    if (lastShared <= 1 || mostGatheringNanos == 0) {
      return;
    }
    long end = nanoTime.getAsLong() + Math.min(lastNanos, mostGatheringNanos);
    gathering = new Gathering(Thread.currentThread(), lastShared);
    while (present() < lastShared && !Thread.currentThread().isInterrupted()) {
      long left = end - nanoTime.getAsLong();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    gathering = null;
  }

  private int present() {
    Pending<E, R> last = newest.get();
    return last == null ? 0 : last.place;
  }

  private List<Pending<E, R>> takeAll() {
    List<Pending<E, R>> batch = new ArrayList<>();
    for (Pending<E, R> p = newest.getAndSet(null); p != null; p = p.previous) {
      batch.add(p);
    }
    Collections.reverse(batch);
    return batch;
  }

  /** An entry on its way. */
  public static final class Pending<E, R> {
    private final E entry;
    private final Thread owner = Thread.currentThread();
    private @Nullable Pending<E, R> previous;
    private int place;
    private @Nullable R answer;
    private @Nullable Throwable failure;
    private volatile boolean released;

    private Pending(E entry) {
      this.entry = entry;
    }

    public E entry() {
      return entry;
    }

    public void answer(R given) {
      answer = given;
    }

    private void failIfUnanswered(Throwable cause) {
      if (answer == null) {
        failure = cause;
      }
    }

    private void await() {
      boolean interrupted = false;
      while (!released) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        owner.interrupt();
      }
    }

    private void release() {
      released = true;
      if (!owner.equals(Thread.currentThread())) {
        LockSupport.unpark(owner);
      }
    }

    private R result() {
      if (answer != null) {
        return answer;
      }
      throw new IllegalStateException("the entry was not written", failure);
    }
  }
}
