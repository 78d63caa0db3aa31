package io.agentweave.pipeline.storage;

import java.util.List;

/**
 * A row of the outbox: events that one call stored, on their way to one destination.
 *
 * @param attempts how often the destination would not take it
 */
record OutboxItem(long id, List<String> eventIds, Provenance provenance, int attempts) {
  OutboxItem {
    eventIds = List.copyOf(eventIds);
  }
}
