package io.agentweave.pipeline.processor;

/**
 * The answer of {@code health}.
 *
 * @param status {@code healthy}, or {@code degraded} when the user directory is away
 */
record ProcessorHealth(String agent, String status, Metrics metrics) {

  /** Since the start of the agent. */
  record Metrics(
      long eventsProcessed,
      long eventsDuplicate,
      long eventsFiltered,
      long eventsFailed,
      Aggregates.Counts aggregates) {}
}
