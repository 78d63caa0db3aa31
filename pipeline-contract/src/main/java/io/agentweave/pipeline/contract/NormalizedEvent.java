package io.agentweave.pipeline.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
    ObjectNode properties,
    String version) {

  /** The only version there is. */
  public static final String VERSION = "1.0";
}
