package io.agentweave.pipeline.storage;

import java.util.Map;

/**
 * The answer of {@code health}.
 *
 * @param status {@code healthy}, or {@code degraded} when the database is away
 */
record StorageHealth(String agent, String status, Metrics metrics) {

  /**
   * Since the start of the agent, except for the backlog.
   *
   * @param eventsStored new rows
   * @param eventsDuplicate events that were there already
   * @param conflicts duplicates that said something else than what is stored
   * @param storageErrors events that could not be stored
   * @param outbox events on their way to each destination, and the age of the oldest in seconds
   */
  record Metrics(
      long eventsStored,
      long eventsDuplicate,
      long conflicts,
      long storageErrors,
      Map<String, OutboxBacklog.Waiting> outbox) {}
}
