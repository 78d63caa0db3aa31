package io.agentweave.local.authority;

import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is set, and knows how often it was read. It begins at a whole
 * second, as certificates tell time.
 */
final class DrivenClock extends Clock {
  private final AtomicLong readings = new AtomicLong();
  private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  void set(Instant to) {
    now = to;
  }

  /** Returns when others have read the clock {@code more} times from now on. */
  void awaitReadings(int more) {
    long enough = readings.get() + more;
    await().until(() -> readings.get() >= enough);
  }

  @Override
  public Instant instant() {
    readings.incrementAndGet();
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("a driven clock tells UTC");
  }
}
