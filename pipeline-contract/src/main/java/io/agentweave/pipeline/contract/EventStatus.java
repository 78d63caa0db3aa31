package io.agentweave.pipeline.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

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

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the event needs no further attention. */
  public boolean succeeded() {
    return this != INVALID && this != FAILED;
  }
}
