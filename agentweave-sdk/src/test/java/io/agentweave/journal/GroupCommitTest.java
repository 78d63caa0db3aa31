package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  @Test
  void everyCallerGetsItsOwnAnswer_andFewerBatchesThanCallersAreWritten() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            new ReentrantLock(),
            batch -> {
              sizes.add(batch.size());
              batch.forEach(pending -> pending.answer(pending.entry() * 2));
            });
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers =
          IntStream.range(0, 20_000)
              .mapToObj(i -> callers.submit(() -> commits.submit(i)))
              .toList();
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(2 * i);
      }
    }
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20_000);
  }

  /** Has callers wait for each other in front of the lock, and returns when all were answered. */
  private static void submitTogether(
      int number, GroupCommit<Integer, Integer> commits, ReentrantLock lock)
      throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    lock.lock();
    try {
      for (int i = 0; i < number; i++) {
        callers.add(Thread.startVirtualThread(() -> commits.submit(1)));
      }
      await().until(() -> callers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    } finally {
      lock.unlock();
    }
    for (Thread caller : callers) {
      caller.join();
    }
  }

  @Test
  void callersThatWaitTogether_areWrittenTogether() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    Set<Integer> sizes = ConcurrentHashMap.newKeySet();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            lock,
            batch -> {
              sizes.add(batch.size());
              batch.forEach(pending -> pending.answer(pending.entry()));
            });
    submitTogether(10, commits, lock);
    assertThat(sizes).containsExactly(10);
  }

  @Test
  void leaderWaitsForAsManyAsLastTime_noLongerThanThatCommitTook() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    AtomicLong nanoTime = new AtomicLong();
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    GroupCommit<Integer, Integer> commits =
        new GroupCommit<>(
            lock,
            Duration.ofHours(1),
            batch -> {
              // The first takes half an hour, the others no time at all.
              nanoTime.addAndGet(sizes.isEmpty() ? Duration.ofMinutes(30).toNanos() : 0);
              sizes.add(batch.size());
              batch.forEach(pending -> pending.answer(pending.entry()));
            },
            nanoTime::get);
    submitTogether(2, commits, lock);

    Thread leader = Thread.startVirtualThread(() -> commits.submit(1));
    await().until(() -> leader.getState() == Thread.State.TIMED_WAITING);
    commits.submit(1);
    leader.join();
    commits.submit(1);
    commits.submit(1);

    assertThat(sizes).containsExactly(2, 2, 1, 1);
  }

  @Test
  void loneCaller_isServedOnItsOwnThread() {
    List<Thread> threads = new ArrayList<>();
    GroupCommit<String, String> commits =
        new GroupCommit<>(
            new ReentrantLock(),
            batch -> {
              threads.add(Thread.currentThread());
              batch.forEach(pending -> pending.answer("done"));
            });

    commits.submit("event");

    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void throwingCommit_failsItsCallersAndNobodyElse() {
    AtomicBoolean broken = new AtomicBoolean(true);
    GroupCommit<String, String> commits =
        new GroupCommit<>(
            new ReentrantLock(),
            batch -> {
              if (broken.get()) {
                throw new IllegalArgumentException("broken");
              }
              batch.forEach(pending -> pending.answer("done"));
            });

    assertThatThrownBy(() -> commits.submit("event"))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
    broken.set(false);
    assertThat(commits.submit("event")).isEqualTo("done");
  }

  @Test
  void interruptedCaller_stillGetsItsAnswerAndKeepsTheInterrupt() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    GroupCommit<String, String> commits =
        new GroupCommit<>(lock, batch -> batch.forEach(pending -> pending.answer("done")));
    CountDownLatch answered = new CountDownLatch(2);
    AtomicBoolean kept = new AtomicBoolean(true);
    Runnable caller =
        () -> {
          commits.submit("event");
          kept.compareAndSet(true, Thread.currentThread().isInterrupted());
          answered.countDown();
        };
    lock.lock();
    try {
      Thread.ofPlatform().start(caller).interrupt();
      Thread.ofPlatform().start(caller).interrupt();
    } finally {
      lock.unlock();
    }
    answered.await();
    assertThat(kept).isTrue();
  }
}
