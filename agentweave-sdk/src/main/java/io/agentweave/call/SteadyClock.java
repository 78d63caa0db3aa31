package io.agentweave.call;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The time as it was when the clock was made, and what has passed since. Setting the machine's
 * clock changes nothing about it: for libraries that measure pauses by a {@link Clock}.
 */
public final class SteadyClock extends Clock {
  private final Instant began;
  private final LongSupplier nanos;
  private final long beganNanos;
  private final ZoneId zone;

  private SteadyClock(Instant began, LongSupplier nanos, long beganNanos, ZoneId zone) {
    this.began = began;
    this.nanos = nanos;
    this.beganNanos = beganNanos;
    this.zone = zone;
  }

  /**
   * A clock that asks {@code wall} once and {@code nanos} from then on.
   *
   * @param nanos as {@link System#nanoTime}
   */
  public SteadyClock(InstantSource wall, LongSupplier nanos) {
    this(wall.instant(), nanos, nanos.getAsLong(), ZoneOffset.UTC);
  }

  public static SteadyClock clock() {
    return new SteadyClock(InstantSource.system(), System::nanoTime);
  }

  @Override
  public Instant instant() {
    return began.plusNanos(nanos.getAsLong() - beganNanos);
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new SteadyClock(began, nanos, beganNanos, other);
  }
}
