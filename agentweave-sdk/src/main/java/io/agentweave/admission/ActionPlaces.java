package io.agentweave.admission;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The places of one action, given out in the order of arrival.
 *
 * <p>At most as many wait as there are places. Whoever waits also holds a place of the agent, so a
 * longer queue would let one action starve the others.
 */
final class ActionPlaces {
  private final int limit;
  private final Semaphore places;
  private final Semaphore queue;

  ActionPlaces(int limit) {
    this.limit = limit;
    places = new Semaphore(limit, true);
    queue = new Semaphore(limit);
  }

  /** Waits for a place; false when none came free in time or the thread was interrupted. */
  boolean take(Duration atMost) {
    if (places.tryAcquire()) {
      return true;
    }
    if (atMost.isZero() || !queue.tryAcquire()) {
      return false;
    }
    try {
      return places.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      queue.release();
    }
  }

  void giveBack() {
    places.release();
  }

  int inUse() {
    return limit - places.availablePermits();
  }

  int limit() {
    return limit;
  }
}
