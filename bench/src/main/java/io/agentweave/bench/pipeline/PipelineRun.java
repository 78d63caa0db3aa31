package io.agentweave.bench.pipeline;

import java.util.Map;

/**
 * What the pipeline did with some events.
 *
 * @param what such as {@code batches of 1000}
 * @param events sent
 * @param stored rows, as answered; the database is asked at the end
 * @param failed events whose call got no answer
 * @param p50Millis from when an event was sent, or should have been, to the answer that its row is
 *     durable
 * @param outboxSeconds from the last answer until warehouse, search and analytics had all of it
 * @param cpuMicros processor time for each event, by process, the outbox's work included
 */
record PipelineRun(
    String what,
    long events,
    long stored,
    long failed,
    double seconds,
    double eventsPerSecond,
    double megabytesPerSecond,
    double p50Millis,
    double p99Millis,
    double maxMillis,
    double outboxSeconds,
    Map<String, Double> cpuMicros) {

  /** Of all processes together. */
  double cpuMicrosPerEvent() {
    return cpuMicros.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
