package io.agentweave.pipeline.storage;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.validation.Json;
import java.time.Instant;

/** The payload of {@code store_event}, as it is kept for a replay. */
record StoreRequest(StorableEvent event, Instant processedAt, String processorId) {

  static Payload of(StorableEvent event, Instant processedAt, String processorId) {
    return Payload.ofJson(Json.write(new StoreRequest(event, processedAt, processorId)));
  }
}
