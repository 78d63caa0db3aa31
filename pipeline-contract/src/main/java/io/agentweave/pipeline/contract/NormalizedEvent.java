package io.agentweave.pipeline.contract;

import io.agentweave.validation.JsonText;
import io.agentweave.validation.ObjectText;
import jakarta.validation.constraints.Size;
import java.time.Instant;

/**
 * A valid event in the pipeline's own form. Owner: processor ({@code process_event}, {@code
 * process_batch}).
 *
 * @param timestamp in UTC
 * @param version of this form; {@link #VERSION}
 */
public record NormalizedEvent(
    @Name @Size(max = 256) String eventId,
    @Name @Size(max = 128) String eventType,
    Instant timestamp,
    @Name @Size(max = 256) String userId,
    @Name @Size(max = 128) String source,
    ObjectText properties,
    String version) {

  /** The only version there is. */
  public static final String VERSION = "1.0";

  /** Writes it as the processor reads it. */
  public void writeTo(JsonText out) {
    out.raw("{\"event_id\":").string(eventId);
    out.raw(",\"event_type\":").string(eventType);
    out.raw(",\"timestamp\":").string(timestamp.toString());
    out.raw(",\"user_id\":").string(userId);
    out.raw(",\"source\":").string(source);
    out.raw(",\"version\":").string(version);
    out.raw(",\"properties\":").object(properties).raw("}");
  }
}
