package io.agentweave.bench.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** So many callers, each of which makes one call after the other. One run at a time. */
final class ClosedLoop {
  /** 200 kB for each caller, kept for all runs: what is measured is not to collect them as well. */
  private static final List<Histogram> OF_CALLERS = new ArrayList<>();

  private ClosedLoop() {}

  /** How long answered calls took, how long all of it, and what was not answered. */
  record Result(Histogram nanos, long elapsedNanos, long failed, @Nullable String firstFailure) {}

  static Result run(Caller caller, int callers, long forNanos) throws InterruptedException {
    while (OF_CALLERS.size() < callers) {
      OF_CALLERS.add(histogram());
    }
    List<Histogram> each = OF_CALLERS.subList(0, callers);
    each.forEach(Histogram::reset);
    List<Thread> threads = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    Failures failures = new Failures();
    for (Histogram histogram : each) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      long end = System.nanoTime() + forNanos;
                      long before = System.nanoTime();
                      while (before < end) {
                        boolean answered = failures.watch(caller);
                        long after = System.nanoTime();
                        if (answered) {
                          histogram.recordValue(after - before);
                        }
                        before = after;
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    long begin = System.nanoTime();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    long elapsed = System.nanoTime() - begin;
    Histogram all = histogram();
    each.forEach(all::add);
    return new Result(all, elapsed, failures.count(), failures.first());
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.SECONDS.toNanos(20), 3);
  }
}
