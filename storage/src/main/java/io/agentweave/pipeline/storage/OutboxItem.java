package io.agentweave.pipeline.storage;

import io.agentweave.call.TraceContext;
import io.agentweave.telemetry.TraceParent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the outbox: events that one call stored, on their way to one destination. Where they
 * came from is read when somebody asks: for most items nobody does.
 *
 * @param origin a {@link io.agentweave.deadletter.DeadLetter.Origin} as JSON
 * @param bytes how large the properties of its events are; 0 when nobody knows
 * @param attempts how often the destination would not take it
 */
record OutboxItem(
    long id,
    List<String> eventIds,
    @Nullable String traceparent,
    String origin,
    long bytes,
    int attempts) {
  OutboxItem {
    eventIds = List.copyOf(eventIds);
  }

  @Nullable TraceContext trace() {
    return TraceParent.parse(traceparent);
  }

  /**
   * @throws IllegalStateException when the origin is none
   */
  Provenance provenance() {
    return Provenance.read(traceparent, origin);
  }
}
