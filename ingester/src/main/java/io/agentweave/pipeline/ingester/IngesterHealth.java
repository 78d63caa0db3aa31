package io.agentweave.pipeline.ingester;

/** The answer of {@code health}. */
record IngesterHealth(String agent, String status, Metrics metrics) {

  /**
   * Since the start of the agent.
   *
   * @param eventsReceived all that came, the invalid ones too
   * @param eventsValidated those that follow the schema
   * @param eventsRejected those that don't
   * @param rejectionRate rejected out of received, 0 to 1
   * @param eventsRateLimited valid ones whose source was too fast; they count as failed, too
   */
  record Metrics(
      long eventsReceived,
      long eventsValidated,
      long eventsRejected,
      double rejectionRate,
      long eventsIngested,
      long eventsDuplicate,
      long eventsFiltered,
      long eventsFailed,
      long eventsRateLimited) {}
}
