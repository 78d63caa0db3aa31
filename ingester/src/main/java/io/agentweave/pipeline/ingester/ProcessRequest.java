package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import io.agentweave.validation.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Writes the payloads of the processor's capabilities around events that are JSON already. */
final class ProcessRequest {
  private ProcessRequest() {}

  /** What stands beside the events. */
  private record Tail(Instant ingestedAt, String ingesterId) {}

  /** For {@code process_event}. */
  static Payload one(Ingestion.Outgoing event, SpiffeId self) {
    return around("{\"event\":", List.of(event), ",", self);
  }

  /** For {@code process_batch}. */
  static Payload many(List<Ingestion.Outgoing> events, SpiffeId self) {
    return around("{\"events\":[", events, "],", self);
  }

  private static Payload around(
      String before, List<Ingestion.Outgoing> events, String after, SpiffeId self) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    boolean first = true;
    for (Ingestion.Outgoing event : events) {
      if (!first) {
        json.write(',');
      }
      json.writeBytes(event.json().bytes());
      first = false;
    }
    json.writeBytes(after.getBytes(StandardCharsets.UTF_8));
    byte[] tail = Json.write(new Tail(Instant.now(), self.toString()));
    json.write(tail, 1, tail.length - 1);
    return Payload.ofJson(json.toByteArray());
  }
}
