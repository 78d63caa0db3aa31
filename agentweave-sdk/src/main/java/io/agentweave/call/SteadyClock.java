package io.agentweave.call;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/**
 * The time as it was when the clock was made, and what has passed since. Setting the machine's
 * clock changes nothing about it: for libraries that measure pauses by a {@link Clock}.
 */
public final class SteadyClock {
  private SteadyClock() {}

  public static Clock clock() {
    Instant began = Instant.now();
    long beganNanos = System.nanoTime();
    InstantSource source = () -> began.plusNanos(System.nanoTime() - beganNanos);
    return source.withZone(ZoneOffset.UTC);
  }
}
