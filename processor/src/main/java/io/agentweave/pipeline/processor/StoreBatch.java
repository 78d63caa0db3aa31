package io.agentweave.pipeline.processor;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.validation.JsonText;
import java.time.Instant;
import java.util.List;

/** The payload of storage's {@code store_batch}. */
record StoreBatch(List<StorableEvent> events, Instant processedAt, String processorId) {

  Payload payload() {
    JsonText out = new JsonText(256 + 600 * events.size());
    String separator = "{\"events\":[";
    for (StorableEvent event : events) {
      out.raw(separator);
      event.writeTo(out);
      separator = ",";
    }
    out.raw("],\"processed_at\":").string(processedAt.toString());
    return out.raw(",\"processor_id\":").string(processorId).raw("}").payload();
  }
}
