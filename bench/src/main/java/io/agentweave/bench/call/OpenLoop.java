package io.agentweave.bench.call;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Calls that begin at fixed times, whether earlier ones have been answered or not. Each is measured
 * from the time it should have begun, so that a stall counts for everything that waited behind it.
 */
final class OpenLoop {
  /** Beyond this many unanswered calls the server does not keep up, and the run says so. */
  private static final int MOST_UNANSWERED = 10_000;

  private static final long COARSE_NANOS = 50_000;

  private OpenLoop() {}

  static ClosedLoop.Result run(Caller caller, int callsPerSecond, long forNanos)
      throws InterruptedException {
    ConcurrentHistogram nanos = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);
    Failures failures = new Failures();
    Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    long calls = callsPerSecond * forNanos / TimeUnit.SECONDS.toNanos(1);
    long begin = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      long due = begin + i * TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(Math.min(left, COARSE_NANOS));
      }
      unanswered.acquire();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  if (failures.watch(caller)) {
                    nanos.recordValue(System.nanoTime() - due);
                  }
                } finally {
                  unanswered.release();
                }
              });
    }
    unanswered.acquire(MOST_UNANSWERED);
    long elapsed = System.nanoTime() - begin;
    return new ClosedLoop.Result(nanos.copy(), elapsed, failures.count(), failures.first());
  }
}
