package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.validation.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Step 2: the pipeline's own form, as JSON. Times are in UTC, to the microsecond, which is what is
 * stored. Properties stay the bytes that came: nothing is lost by writing them again, and a batch
 * costs no more memory than it has bytes.
 */
final class Normalization {
  private static final byte[] PROPERTIES = ",\"properties\":".getBytes(StandardCharsets.UTF_8);

  private Normalization() {}

  /** The members of a {@link NormalizedEvent} but the properties. */
  private record Head(
      String eventId,
      String eventType,
      Instant timestamp,
      String userId,
      String source,
      String version) {}

  /**
   * The {@link NormalizedEvent} of an event.
   *
   * @param slice what the event was read from
   */
  static Payload normalized(Event event, JsonSlice slice) {
    byte[] head =
        Json.write(
            new Head(
                event.eventId(),
                event.eventType(),
                event.timestamp().toInstant().truncatedTo(ChronoUnit.MICROS),
                event.userId(),
                event.source(),
                NormalizedEvent.VERSION));
    byte[] properties = properties(event, slice);
    ByteArrayOutputStream whole =
        new ByteArrayOutputStream(head.length + PROPERTIES.length + properties.length);
    whole.write(head, 0, head.length - 1);
    whole.writeBytes(PROPERTIES);
    whole.writeBytes(properties);
    whole.write('}');
    return Payload.ofJson(whole.toByteArray());
  }

  /** The name may be written with escapes, and then isn't found; that is rare enough to rewrite. */
  private static byte[] properties(Event event, JsonSlice slice) {
    return slice.members().stream()
        .flatMap(members -> members.stream())
        .filter(member -> member.name().equals("properties"))
        .map(member -> member.value().copy())
        .findFirst()
        .orElseGet(() -> Json.write(event.properties()));
  }
}
