package io.agentweave.audit;

import io.agentweave.audit.AuditReceipt.Unwritable;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a log can be written, and if not, why. Changes under the log's lock; any thread asks. */
final class Faults {
  private static final Logger LOGGER = LoggerFactory.getLogger(Faults.class);

  private final InstantSource clock;
  private volatile @Nullable Fault present;

  Faults(InstantSource clock) {
    this.clock = clock;
  }

  boolean none() {
    return present == null;
  }

  @Nullable Fault present() {
    return present;
  }

  /** Whether the disk took something that it would not force. */
  boolean isUnforced() {
    Fault now = present;
    return now != null && now.isUnforced();
  }

  /** One begins; when there is one already, its reason stays. */
  void begin(Throwable cause, boolean unforced) {
    Fault before = present;
    if (before == null) {
      String message = cause.getMessage();
      String reason = message == null ? cause.getClass().getName() : message;
      LOGGER.error("audit is not writable, calls are refused: {}", reason);
      present = new Fault(reason, unforced, clock.instant(), 0);
    } else if (unforced) {
      present = before.unforced(true);
    }
  }

  /** Counts one event that is refused for it. */
  Unwritable refuse() {
    Fault now = present;
    if (now == null) {
      return new Unwritable("the audit log is closed");
    }
    present = now.refusing(1);
    return new Unwritable(now.reason());
  }

  /** What was not forced is now. */
  void madeGood() {
    Fault now = present;
    present = now == null ? null : now.unforced(false);
  }

  void end() {
    present = null;
    LOGGER.info("audit is writable again");
  }
}
