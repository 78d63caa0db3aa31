package io.agentweave.pipeline.ingester;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.Telemetry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers, for {@code health} and for the metrics. Safe for use by many threads. */
final class IngestCounters {
  private final Telemetry telemetry;
  private final Map<EventStatus, LongAdder> counts = new EnumMap<>(EventStatus.class);
  private final LongAdder rateLimited = new LongAdder();

  IngestCounters(Telemetry telemetry) {
    this.telemetry = telemetry;
    for (EventStatus status : EventStatus.values()) {
      counts.put(status, new LongAdder());
    }
  }

  void count(List<EventAnswer> answers) {
    EventStatus.count(
        answers,
        (status, events) -> {
          counter(status).add(events);
          telemetry.count(IngesterMeter.EVENTS, events, status.word());
        });
    for (EventAnswer answer : answers) {
      if (answer.reason().equals(Optional.of(Ingestion.RATE_LIMITED))) {
        rateLimited.increment();
        telemetry.count(IngesterMeter.RATE_LIMITED, 1);
      }
    }
  }

  IngesterHealth.Metrics metrics() {
    long rejected = counter(EventStatus.INVALID).sum();
    long validated = 0;
    for (EventStatus status : EventStatus.values()) {
      validated += status == EventStatus.INVALID ? 0 : counter(status).sum();
    }
    long received = validated + rejected;
    return new IngesterHealth.Metrics(
        received,
        validated,
        rejected,
        (double) rejected / Math.max(received, 1),
        counter(EventStatus.INGESTED).sum(),
        counter(EventStatus.DUPLICATE).sum(),
        counter(EventStatus.FILTERED).sum(),
        counter(EventStatus.FAILED).sum(),
        rateLimited.sum());
  }

  private LongAdder counter(EventStatus status) {
    return Objects.requireNonNull(counts.get(status));
  }
}
