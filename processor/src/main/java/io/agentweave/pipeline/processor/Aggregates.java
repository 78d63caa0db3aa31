package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.StorableEvent;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/**
 * Step 4: what was processed, by type and tier since the start, and by minute of the last hour. An
 * event counts when storage has it for the first time. Bounded: what is beyond the first hundred
 * types counts as {@code other}. Safe for use by many threads.
 */
final class Aggregates {
  private static final int MOST_NAMES = 100;
  private static final int MINUTES = 60;
  private static final String OTHER = "other";

  private final InstantSource clock;
  private final Map<String, Long> byType = new TreeMap<>();
  private final Map<String, Long> byTier = new TreeMap<>();
  private final long[] byMinute = new long[MINUTES];
  private long currentMinute;

  Aggregates(InstantSource clock) {
    this.clock = clock;
    this.currentMinute = minute();
  }

  /**
   * The counts at one moment.
   *
   * @param lastMinute in the current minute so far and the whole one before
   */
  record Counts(
      Map<String, Long> byType, Map<String, Long> byTier, long lastHour, long lastMinute) {}

  synchronized void add(StorableEvent event) {
    count(byType, event.type());
    count(byTier, event.userTier());
    turn();
    byMinute[(int) (currentMinute % MINUTES)]++;
  }

  synchronized Counts now() {
    turn();
    long hour = 0;
    for (long minute : byMinute) {
      hour += minute;
    }
    int at = (int) (currentMinute % MINUTES);
    long recent = byMinute[at] + byMinute[(at + MINUTES - 1) % MINUTES];
    return new Counts(new TreeMap<>(byType), new TreeMap<>(byTier), hour, recent);
  }

  private static void count(Map<String, Long> counts, String name) {
    boolean fits = counts.containsKey(name) || counts.size() < MOST_NAMES;
    counts.merge(fits ? name : OTHER, 1L, Long::sum);
  }

  /** Empties the minutes that have passed since the last look. */
  private void turn() {
    long now = minute();
    long passed = Math.min(now - currentMinute, MINUTES);
    for (long i = 0; i < passed; i++) {
      byMinute[(int) ((now - i) % MINUTES)] = 0;
    }
    currentMinute = Math.max(now, currentMinute);
  }

  private long minute() {
    return clock.millis() / 60_000;
  }
}
