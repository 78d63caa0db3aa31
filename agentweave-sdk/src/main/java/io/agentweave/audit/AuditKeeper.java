package io.agentweave.audit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks after an audit log: forces it to the disk when something was written, has
 * it signed now and then, and tries to end a fault. Sleeps while nothing is to be done.
 */
final class AuditKeeper {
  private static final Logger LOGGER = LoggerFactory.getLogger(AuditKeeper.class);
  private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final FileAuditLog log;
  private final long syncNanos;
  private final int checkpointRecords;
  private final long checkpointNanos;
  private final Thread thread;

  private volatile boolean dirty;
  private volatile boolean closing;
  private long forcedAt;
  private long unsignedSince;

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

  /** Called after each write: costs nothing while a force is due anyway. */
  void somethingToForce() {
    if (!dirty) {
      dirty = true;
      LockSupport.unpark(thread);
    }
  }

  /** Called when a fault begins: nothing else may come that would wake the thread. */
  void somethingToMend() {
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closing) {
      try {
        step();
      } catch (RuntimeException bug) {
        LOGGER.error("looking after the audit log failed", bug);
        LockSupport.parkNanos(this, RETRY_NANOS);
      }
    }
  }

  private void step() {
    if (log.faulty()) {
      LockSupport.parkNanos(this, RETRY_NANOS);
      log.tryToRecover();
    } else if (dirty && sinceForced() >= syncNanos) {
      dirty = false;
      log.force();
      forcedAt = System.nanoTime();
      signIfDue();
    } else if (dirty) {
      LockSupport.parkNanos(this, syncNanos - sinceForced());
    } else {
      waitForMore();
    }
  }

  private long sinceForced() {
    return System.nanoTime() - forcedAt;
  }

  private void waitForMore() {
    if (log.unsigned() > 0) {
      long left = checkpointNanos - (System.nanoTime() - unsignedSince);
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      }
      signIfDue();
    } else {
      LockSupport.park(this);
    }
  }

  private void signIfDue() {
    long unsigned = log.unsigned();
    long now = System.nanoTime();
    if (unsigned > 0 && unsignedSince == 0) {
      unsignedSince = now;
    }
    if (unsigned >= checkpointRecords || (unsigned > 0 && now - unsignedSince >= checkpointNanos)) {
      log.checkpoint();
      unsignedSince = log.unsigned() == 0 ? 0 : now;
    }
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
