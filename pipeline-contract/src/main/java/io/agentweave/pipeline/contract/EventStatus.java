package io.agentweave.pipeline.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * What became of one event. An agent answers with its own word for success: storage {@code stored},
 * processor {@code processed}, ingester {@code ingested}.
 */
public enum EventStatus {
  STORED,
  PROCESSED,
  INGESTED,
  /** The database already has this event id. */
  DUPLICATE,
  /** A business rule leaves it out on purpose. */
  FILTERED,
  /** It breaks the event schema; it is in the dead letters. */
  INVALID,
  /** It could not be processed now; it was not stored. */
  FAILED;

  private final String word = name().toLowerCase(Locale.ROOT);

  @JsonValue
  public String word() {
    return word;
  }

  /** Tells how many answers there are of each status that there is one of. */
  public static void count(List<EventAnswer> answers, ObjIntConsumer<EventStatus> of) {
    Map<EventStatus, Integer> counts = new EnumMap<>(EventStatus.class);
    for (EventAnswer answer : answers) {
      counts.merge(answer.status(), 1, Integer::sum);
    }
    counts.forEach(of::accept);
  }

  /** Whether the event needs no further attention. */
  public boolean succeeded() {
    return this != INVALID && this != FAILED;
  }
}
