package io.agentweave.pipeline.ingester;

import io.agentweave.pipeline.contract.Event;
import io.agentweave.pipeline.contract.NormalizedEvent;
import java.time.temporal.ChronoUnit;

/** Step 2: the pipeline's own form. Times in UTC, to the microsecond, which is what is stored. */
final class Normalization {
  private Normalization() {}

  static NormalizedEvent normalized(Event event) {
    return new NormalizedEvent(
        event.eventId(),
        event.eventType(),
        event.timestamp().toInstant().truncatedTo(ChronoUnit.MICROS),
        event.userId(),
        event.source(),
        event.properties(),
        NormalizedEvent.VERSION);
  }
}
