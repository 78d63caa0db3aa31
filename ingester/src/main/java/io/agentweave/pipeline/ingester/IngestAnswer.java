package io.agentweave.pipeline.ingester;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer of {@code ingest_event}.
 *
 * @param status see {@link EventStatus}
 * @param processed whether the event needs no further attention
 */
record IngestAnswer(
    EventStatus status,
    Optional<String> eventId,
    boolean processed,
    Optional<String> reason,
    List<String> errors,
    Optional<String> deadLetterId,
    Map<String, String> destinations) {

  static IngestAnswer of(EventAnswer answer) {
    return new IngestAnswer(
        answer.status(),
        answer.eventId(),
        answer.status().succeeded(),
        answer.reason(),
        answer.errors(),
        answer.deadLetterId(),
        answer.destinations());
  }
}
