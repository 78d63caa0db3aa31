package io.agentweave.call;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The moment after which nobody waits for the answer any more, on this JVM's monotonic clock.
 *
 * <p>A deadline that is exactly reached is over.
 */
public final class Deadline {
  /** Some 70 years: farther ones could not be told from past ones on the monotonic clock. */
  private static final Duration FARTHEST = Duration.ofNanos(Long.MAX_VALUE / 4);

  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  /** A deadline that is {@code remaining} away from now; zero or less is already over. */
  public static Deadline in(Duration remaining) {
    Duration near = remaining.compareTo(FARTHEST) > 0 ? FARTHEST : remaining;
    return new Deadline(System.nanoTime() + (near.isNegative() ? 0 : near.toNanos()));
  }

  /** The nearer of this deadline and one {@code atMost} away. */
  public Deadline capped(Duration atMost) {
    Deadline cap = in(atMost);
    return cap.atNanos - atNanos < 0 ? cap : this;
  }

  public boolean isOver() {
    return remainingNanos() <= 0;
  }

  /** Time left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, remainingNanos()));
  }

  /** Milliseconds left, never negative, rounded down. */
  public long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(Math.max(0, remainingNanos()));
  }

  private long remainingNanos() {
    return atNanos - System.nanoTime();
  }

  @Override
  public String toString() {
    return "Deadline[in " + remainingMillis() + " ms]";
  }
}
