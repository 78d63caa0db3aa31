package io.agentweave.pipeline.storage;

import io.agentweave.telemetry.MeterName;
import java.util.List;

/** The meters of the storage agent. */
enum StorageMeter implements MeterName {
  EVENTS(
      "pipeline.storage.events",
      Kind.COUNTER,
      "status",
      "events answered for: stored, duplicate, conflict (a duplicate that says something else),"
          + " failed"),
  WRITE_TIME("pipeline.storage.write", Kind.TIMER, "", "time of the transactions that store"),
  DELIVERED(
      "pipeline.storage.delivered",
      Kind.COUNTER,
      "destination",
      "events that reached a destination"),
  UNDELIVERED(
      "pipeline.storage.undelivered",
      Kind.COUNTER,
      "destination",
      "events that a destination would not take, kept as dead letters"),
  OUTBOX_EVENTS(
      "pipeline.storage.outbox.events",
      Kind.GAUGE,
      "destination",
      "events on their way to a destination"),
  OUTBOX_LAG(
      "pipeline.storage.outbox.lag.seconds",
      Kind.GAUGE,
      "destination",
      "age in seconds of the oldest event on its way to a destination");

  private final String meterName;
  private final Kind kind;
  private final String label;
  private final String meaning;

  StorageMeter(String meterName, Kind kind, String label, String meaning) {
    this.meterName = meterName;
    this.kind = kind;
    this.label = label;
    this.meaning = meaning;
  }

  @Override
  public String meterName() {
    return meterName;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public List<String> labels() {
    return label.isEmpty() ? List.of() : List.of(label);
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
