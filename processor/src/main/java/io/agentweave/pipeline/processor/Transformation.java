package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.pipeline.contract.StorableEvent;

/** Step 3: the flat shape that storage keeps. */
final class Transformation {
  private Transformation() {}

  static StorableEvent storable(EnrichedEvent enriched) {
    NormalizedEvent event = enriched.event();
    return new StorableEvent(
        event.eventId(),
        event.eventType(),
        event.timestamp(),
        event.userId(),
        enriched.user().name(),
        enriched.user().tier(),
        event.properties(),
        event.source(),
        enriched.dayOfWeek(),
        enriched.hour(),
        event.version());
  }
}
