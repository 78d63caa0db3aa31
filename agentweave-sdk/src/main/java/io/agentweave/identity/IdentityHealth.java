package io.agentweave.identity;

import java.time.Duration;
import java.time.Instant;

/**
 * The state of an identity source.
 *
 * @param state serving as it should, serving on borrowed time, or no longer serving
 * @param detail why, in one line; empty when all is well
 * @param svidNotBefore since when the current SVID is valid
 * @param svidNotAfter when the current SVID expires
 * @param updatedAt when the current snapshot arrived
 */
public record IdentityHealth(
    State state, String detail, Instant svidNotBefore, Instant svidNotAfter, Instant updatedAt) {

  /** Up: the source is live. Degraded: it is not, but the SVID is still valid. Down: neither. */
  public enum State {
    UP,
    DEGRADED,
    DOWN
  }

  /** How old the current SVID is. */
  public Duration svidAge(Instant now) {
    return Duration.between(svidNotBefore, now);
  }

  /** How long the current SVID remains valid; negative when it no longer is. */
  public Duration svidRemaining(Instant now) {
    return Duration.between(now, svidNotAfter);
  }
}
