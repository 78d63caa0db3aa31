package io.agentweave.journal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that come at the same time share one write.
 *
 * <p>The first caller into an empty waiting room leads: it takes the lock and commits for everybody
 * who came in until it had the lock. A lone caller leads itself, on its own thread, without waking
 * anyone. Order within a batch is order of arrival.
 *
 * @param <E> what a caller brings
 * @param <R> what it goes home with
 */
public final class GroupCommit<E, R> {
  private final ReentrantLock lock;
  private final Consumer<List<Pending<E, R>>> commit;
  private final AtomicReference<@Nullable Pending<E, R>> newest = new AtomicReference<>();

  /**
   * @param lock held while {@code commit} runs
   * @param commit answers each pending entry; when it throws, {@link #submit} of those without an
   *     answer throws {@link IllegalStateException}
   */
  public GroupCommit(ReentrantLock lock, Consumer<List<Pending<E, R>>> commit) {
    this.lock = lock;
    this.commit = commit;
  }

  /** Brings one entry and waits for its answer. Not ended by an interrupt, which is kept. */
  public R submit(E entry) {
    Pending<E, R> mine = new Pending<>(entry);
    Pending<E, R> before;
    do {
      before = newest.get();
      mine.previous = before;
    } while (!newest.compareAndSet(before, mine));
    if (before == null) {
      lead();
    } else {
      mine.await();
    }
    return mine.result();
  }

  private void lead() {
    List<Pending<E, R>> batch;
    lock.lock();
    try {
      batch = takeAll();
      try {
        commit.accept(batch);
      } catch (RuntimeException | Error bug) {
        batch.forEach(pending -> pending.failIfUnanswered(bug));
      }
    } finally {
      lock.unlock();
    }
    batch.forEach(Pending::release);
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
