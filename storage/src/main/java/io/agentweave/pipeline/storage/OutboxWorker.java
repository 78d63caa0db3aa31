package io.agentweave.pipeline.storage;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that delivers to one destination whenever there is something: at once when this process
 * stored it, within a second when it is left over from another.
 */
final class OutboxWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxWorker.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Delivery delivery;
  private final Duration between;
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;

  private OutboxWorker(Delivery delivery, Duration between) {
    this.delivery = delivery;
    this.between = between;
    this.thread =
        Thread.ofPlatform().daemon().name("outbox-" + delivery.name().word()).unstarted(this::run);
  }

  /**
   * Starts the thread.
   *
   * @param between shortest time between two batches, unless so much waits that the next is full
   */
  static OutboxWorker start(Delivery delivery, Duration between) {
    OutboxWorker worker = new OutboxWorker(delivery, between);
    worker.thread.start();
    return worker;
  }

  /** Says that there may be something. Never blocks. */
  void wake() {
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  private void run() {
    int failures = 0;
    while (!closing) {
      try {
        if (delivery.deliverOne()) {
          pause(delivery.isBehind() ? Duration.ZERO : between);
        } else {
          boolean woken = work.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
          LOG.trace("{} {}", delivery.name(), woken ? "woken" : "polls");
        }
        failures = 0;
      } catch (InterruptedException e) {
        closing = true;
      } catch (RuntimeException | LinkageError e) {
        failures++;
        if (failures == 1) {
          LOG.warn("delivery to {} is interrupted, and tried again", delivery.name().word(), e);
        }
        rest(failures);
      }
    }
  }

  private void rest(int failures) {
    long millis = Math.min(LONGEST_PAUSE.toMillis(), 50L << Math.min(failures, 20));
    try {
      pause(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  private static void pause(Duration length) throws InterruptedException {
    if (!length.isZero()) {
      Thread.sleep(length);
    }
  }

  /** Stops after the batch under way; what is left stays in the outbox. */
  @Override
  public void close() {
    closing = true;
    wake();
    try {
      if (!thread.join(Duration.ofSeconds(3))) {
        thread.interrupt();
        thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
