package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.validation.JsonText;
import java.time.temporal.ChronoUnit;

/**
 * Step 2: the pipeline's own form, as JSON. Times are in UTC, to the microsecond, which is what is
 * stored. Properties stay the bytes that came: nothing is lost by writing them again, and a batch
 * costs no more memory than it has bytes.
 */
final class Normalization {
  private static final int BESIDES_PROPERTIES = 256;

  private Normalization() {}

  /** The {@link NormalizedEvent} of an event. */
  static Payload normalized(Event event) {
    JsonText out = new JsonText(event.properties().size() + BESIDES_PROPERTIES);
    new NormalizedEvent(
            event.eventId(),
            event.eventType(),
            event.timestamp().toInstant().truncatedTo(ChronoUnit.MICROS),
            event.userId(),
            event.source(),
            event.properties(),
            NormalizedEvent.VERSION)
        .writeTo(out);
    return out.payload();
  }
}
