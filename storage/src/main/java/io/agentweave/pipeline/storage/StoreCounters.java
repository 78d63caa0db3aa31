package io.agentweave.pipeline.storage;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers, for {@code health} and for the metrics. Safe for use by many threads. */
final class StoreCounters {
  private final Telemetry telemetry;
  private final LongAdder stored = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
  private final LongAdder errors = new LongAdder();

  StoreCounters(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  void count(List<EventAnswer> answers) {
    int succeeded = 0;
    for (EventAnswer answer : answers) {
      if (answer.status() == EventStatus.STORED) {
        succeeded++;
      } else {
        count(answer);
      }
    }
    if (succeeded > 0) {
      add(stored, "stored", succeeded);
    }
  }

  void failed(int events) {
    add(errors, "failed", events);
  }

  private void count(EventAnswer answer) {
    switch (answer.status()) {
      case DUPLICATE -> {
        boolean conflict = "conflict".equals(answer.destinations().get("database"));
        duplicates.increment();
        if (conflict) {
          conflicts.increment();
        }
        telemetry.count(StorageMeter.EVENTS, 1, conflict ? "conflict" : "duplicate");
      }
      case FAILED, INVALID -> add(errors, "failed", 1);
      case STORED, PROCESSED, INGESTED, FILTERED ->
          throw new IllegalArgumentException("not an answer of storage: " + answer.status());
    }
  }

  private void add(LongAdder counter, String status, int events) {
    counter.add(events);
    telemetry.count(StorageMeter.EVENTS, events, status);
  }

  StorageHealth.Metrics metrics(Map<String, OutboxBacklog.Waiting> outbox) {
    return new StorageHealth.Metrics(
        stored.sum(), duplicates.sum(), conflicts.sum(), errors.sum(), outbox);
  }
}
