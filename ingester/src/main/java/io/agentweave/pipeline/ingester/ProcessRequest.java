package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import io.agentweave.validation.JsonText;
import java.time.Instant;
import java.util.List;

/** Writes the payloads of the processor's capabilities around events that are JSON already. */
final class ProcessRequest {
  private ProcessRequest() {}

  /** For {@code process_event}. */
  static Payload one(Ingestion.Outgoing event, SpiffeId self) {
    return around("{\"event\":", List.of(event), "", self);
  }

  /** For {@code process_batch}. */
  static Payload many(List<Ingestion.Outgoing> events, SpiffeId self) {
    return around("{\"events\":[", events, "]", self);
  }

  private static Payload around(
      String before, List<Ingestion.Outgoing> events, String after, SpiffeId self) {
    String end =
        after + ",\"ingested_at\":\"%s\",\"ingester_id\":\"%s\"}".formatted(Instant.now(), self);
    int size = before.length() + end.length() + events.size() - 1;
    for (Ingestion.Outgoing event : events) {
      size += event.json().size();
    }
    JsonText out = new JsonText(size).raw(before);
    String separator = "";
    for (Ingestion.Outgoing event : events) {
      out.raw(separator).raw(event.json());
      separator = ",";
    }
    return out.raw(end).payload();
  }
}
