package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.Telemetry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers, for {@code health} and for the metrics. Safe for use by many threads. */
final class ProcessCounters {
  private final Telemetry telemetry;
  private final Map<EventStatus, LongAdder> counts = new EnumMap<>(EventStatus.class);

  ProcessCounters(Telemetry telemetry) {
    this.telemetry = telemetry;
    for (EventStatus status : EventStatus.values()) {
      counts.put(status, new LongAdder());
    }
  }

  void count(List<EventAnswer> answers) {
    EventStatus.count(answers, this::add);
    for (EventAnswer answer : answers) {
      if (answer.status() == EventStatus.FILTERED) {
        telemetry.count(ProcessorMeter.FILTERED, 1, answer.reason().orElse(""));
      }
    }
  }

  void failed(int events) {
    add(EventStatus.FAILED, events);
  }

  private void add(EventStatus status, int events) {
    counter(status).add(events);
    telemetry.count(ProcessorMeter.EVENTS, events, status.word());
  }

  ProcessorHealth.Metrics metrics(Aggregates.Counts aggregates) {
    return new ProcessorHealth.Metrics(
        counter(EventStatus.PROCESSED).sum(),
        counter(EventStatus.DUPLICATE).sum(),
        counter(EventStatus.FILTERED).sum(),
        counter(EventStatus.FAILED).sum(),
        aggregates);
  }

  private LongAdder counter(EventStatus status) {
    return Objects.requireNonNull(counts.get(status));
  }
}
