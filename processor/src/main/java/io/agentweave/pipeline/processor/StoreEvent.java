package io.agentweave.pipeline.processor;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.validation.JsonText;
import java.time.Instant;

/** The payload of storage's {@code store_event}. */
record StoreEvent(StorableEvent event, Instant processedAt, String processorId) {

  Payload payload() {
    JsonText out = new JsonText(1024).raw("{\"event\":");
    event.writeTo(out);
    out.raw(",\"processed_at\":").string(processedAt.toString());
    return out.raw(",\"processor_id\":").string(processorId).raw("}").payload();
  }
}
