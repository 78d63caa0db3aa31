package io.agentweave.pipeline.contract;

import io.agentweave.validation.ObjectText;
import jakarta.validation.constraints.Size;
import java.time.OffsetDateTime;

/**
 * What happened, as a source tells it. Owner: ingester ({@code ingest_event}, {@code
 * ingest_batch}).
 *
 * @param eventId the source's own id; the same id is the same event, for ever
 * @param timestamp when it happened, with an offset
 * @param properties anything the source wants to add. Names, texts, order and the value of each
 *     number are kept; how they were written mostly is, too, but {@code 1e100} may be stored as
 *     {@code 1E+100}
 */
public record Event(
    @Name @Size(max = 256) String eventId,
    @Name @Size(max = 128) String eventType,
    OffsetDateTime timestamp,
    @Name @Size(max = 256) String userId,
    @Name @Size(max = 128) String source,
    ObjectText properties) {}
