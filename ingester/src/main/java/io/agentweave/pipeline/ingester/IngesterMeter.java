package io.agentweave.pipeline.ingester;

import io.agentweave.telemetry.MeterName;
import java.util.List;

/** The meters of the ingester agent. */
enum IngesterMeter implements MeterName {
  EVENTS(
      "pipeline.ingester.events",
      "status",
      "events answered for: ingested, duplicate, filtered, invalid, failed"),
  RATE_LIMITED(
      "pipeline.ingester.rate_limited", "", "events turned away because their source is too fast");

  private final String meterName;
  private final String label;
  private final String meaning;

  IngesterMeter(String meterName, String label, String meaning) {
    this.meterName = meterName;
    this.label = label;
    this.meaning = meaning;
  }

  @Override
  public String meterName() {
    return meterName;
  }

  @Override
  public Kind kind() {
    return Kind.COUNTER;
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
