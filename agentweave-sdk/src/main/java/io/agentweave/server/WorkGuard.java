package io.agentweave.server;

import io.agentweave.call.Deadline;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the work of one call before its time: interrupts the thread that does the work, while it is
 * inside it and at no other moment, so that no audit write or answer is ever interrupted.
 */
final class WorkGuard {
  /** Why work ends early. */
  enum Cause {
    DEADLINE,
    /** The caller's deadline, as the transport noticed it: the caller is gone. */
    DEADLINE_OF_CALLER,
    CALLER_GONE,
    TASK_CANCELLED,
    DRAINED
  }

  private final ScheduledExecutorService timer;
  private @Nullable ScheduledFuture<?> alarm;
  private @Nullable Thread worker;
  private @Nullable Cause cause;
  private boolean outlivesCaller;

  WorkGuard(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Runs {@code onDeadline} when {@code deadline} has passed, unless another one is set. */
  synchronized void setDeadline(Deadline deadline, Runnable onDeadline) {
    disarm();
    alarm = timer.schedule(onDeadline, deadline.remaining().toNanos() + 1, TimeUnit.NANOSECONDS);
  }

  /** From now on the work goes on when its caller goes, until another deadline. */
  synchronized void outliveCaller(Deadline deadline, Runnable onDeadline) {
    outlivesCaller = true;
    setDeadline(deadline, onDeadline);
  }

  /** Ends the work, if it is not over. The first cause is the one that counts. */
  synchronized void stop(Cause why) {
    boolean callerIsGone = why == Cause.CALLER_GONE || why == Cause.DEADLINE_OF_CALLER;
    if (callerIsGone && outlivesCaller) {
      return;
    }
    if (cause == null) {
      cause = why;
      if (worker != null) {
        worker.interrupt();
      }
    }
  }

  /** Why the work was ended; null while it was not. */
  synchronized @Nullable Cause stopped() {
    return cause;
  }

  /**
   * Does the work on this thread, unless it is ended already. Its thread leaves uninterrupted.
   *
   * @throws InterruptedException when it was ended
   */
  <T> T run(Callable<T> work) throws Exception {
    synchronized (this) {
      if (cause != null) {
        throw new InterruptedException();
      }
      worker = Thread.currentThread();
    }
    try {
      return work.call();
    } finally {
      synchronized (this) {
        worker = null;
        // An interrupt that came after the last blocking call of the work is spent here.
        var _ = Thread.interrupted();
      }
    }
  }

  /** There is no deadline any more. */
  synchronized void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
