package io.agentweave.audit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks after an audit log: appends what was recorded to the file and forces it to
 * the disk, has it signed now and then, and tries to end a fault. Sleeps while nothing is to be
 * done; while records come it wakes by itself, so that no call has to wake it.
 */
final class AuditKeeper {
  private static final Logger LOGGER = LoggerFactory.getLogger(AuditKeeper.class);
  private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
  private static final long SIGNING_RETRY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final FileAuditLog log;
  private final long syncNanos;
  private final int checkpointRecords;
  private final long checkpointNanos;
  private final Thread thread;

  private volatile boolean dirty;
  private volatile boolean much;
  private volatile boolean asleep;
  private volatile boolean closing;
  private long forcedAt;

  /** Since when records wait to be signed; 0 when none do. */
  private long unsignedSince;

  /** When signing was last tried in vain; 0 when it was not. */
  private long notSignedAt;

  AuditKeeper(FileAuditLog log, AuditSettings settings) {
    this.log = log;
    this.syncNanos = settings.syncInterval().toNanos();
    this.checkpointRecords = settings.checkpointRecords();
    this.checkpointNanos = settings.checkpointInterval().toNanos();
    this.thread = Thread.ofPlatform().daemon().name("audit-keeper").unstarted(this::run);
  }

  void start() {
    forcedAt = System.nanoTime() - syncNanos;
    thread.start();
  }

  /** Called after each record: a look at a field, while more come. */
  void somethingToAppend() {
    if (!dirty) {
      dirty = true;
      if (asleep) {
        LockSupport.unpark(thread);
      }
    }
  }

  /** Called when so much waits that its room may be full before the group is to be forced. */
  void muchToAppend() {
    much = true;
    LockSupport.unpark(thread);
  }

  /** Called when a fault begins: nothing else may come that would wake the thread. */
  void somethingToMend() {
    LockSupport.unpark(thread);
  }

  private void run() {
    // What was recorded before this thread was there is the first of a group like any other.
    survive(this::sleep);
    while (!closing) {
      survive(this::step);
    }
  }

  private void survive(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error bug) {
      // Not even a page of the pending file that is gone may end this thread.
      LOGGER.error("looking after the audit log failed", bug);
      LockSupport.parkNanos(this, RETRY_NANOS);
    }
  }

  private void step() {
    long left = syncNanos - (System.nanoTime() - forcedAt);
    if (log.faulty()) {
      LockSupport.parkNanos(this, RETRY_NANOS);
      log.tryToRecover();
    } else if (much) {
      much = false;
      log.append();
    } else if (left > 0) {
      LockSupport.parkNanos(this, left);
    } else if (dirty) {
      dirty = false;
      log.append();
      log.force();
      log.lookAfterPending();
      forcedAt = System.nanoTime();
      signIfDue();
    } else {
      sleep();
    }
  }

  private void sleep() {
    // Waits for the lock, which uses up the wake-up of who holds it: not between look and sleep.
    boolean toBeSigned = log.unsigned() > 0;
    asleep = true;
    // Whoever records sets dirty before looking whether this thread is asleep.
    if (!dirty && !closing && !log.faulty()) {
      if (toBeSigned) {
        LockSupport.parkNanos(this, Math.max(1, nanosToSigning()));
      } else {
        LockSupport.park(this);
      }
    }
    asleep = false;
    if (dirty) {
      // The first of a group waits for the others.
      forcedAt = System.nanoTime();
    } else {
      signIfDue();
    }
  }

  private void signIfDue() {
    long unsigned = log.unsigned();
    if (unsigned == 0) {
      unsignedSince = 0;
      return;
    }
    long now = System.nanoTime();
    if (unsignedSince == 0) {
      unsignedSince = now;
    }
    boolean much = unsigned >= checkpointRecords && !isPausing(now);
    if (much || nanosToSigning() <= 0) {
      boolean signed = log.checkpoint();
      now = System.nanoTime();
      notSignedAt = signed ? 0 : now;
      unsignedSince = log.unsigned() == 0 ? 0 : now;
    }
  }

  /** A key that is away is not asked for with each group. */
  private boolean isPausing(long now) {
    return notSignedAt != 0 && now - notSignedAt < SIGNING_RETRY_NANOS;
  }

  private long nanosToSigning() {
    return checkpointNanos - (System.nanoTime() - unsignedSince);
  }

  void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
