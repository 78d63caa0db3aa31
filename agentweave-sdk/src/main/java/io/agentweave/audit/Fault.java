package io.agentweave.audit;

import java.time.Duration;
import java.time.Instant;

/**
 * Why nothing can be written.
 *
 * @param isUnforced whether the disk refused to force what it had taken: nothing more is written
 *     until that is made good
 * @param refused how many events were refused for it
 */
record Fault(String reason, boolean isUnforced, Instant since, long refused) {

  Fault refusing(int more) {
    return new Fault(reason, isUnforced, since, refused + more);
  }

  Fault unforced(boolean unforced) {
    return new Fault(reason, unforced, since, refused);
  }

  /** What the log says about it once it can. */
  AuditEvent note(Instant now) {
    long millis = Duration.between(since, now).toMillis();
    return new AuditEvent.Noticed(
        "audit_unwritable",
        "%s; %d events refused in %d ms".formatted(reason, refused, millis),
        null);
  }
}
