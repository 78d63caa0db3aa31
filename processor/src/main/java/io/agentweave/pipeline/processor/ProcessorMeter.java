package io.agentweave.pipeline.processor;

import io.agentweave.telemetry.MeterName;
import java.util.List;

/** The meters of the processor agent. */
enum ProcessorMeter implements MeterName {
  EVENTS(
      "pipeline.processor.events",
      Kind.COUNTER,
      "status",
      "events answered for: processed, duplicate, filtered, failed"),
  FILTERED(
      "pipeline.processor.filtered",
      Kind.COUNTER,
      "rule",
      "events left out, by rule: test_user, skipped_type, not_sampled"),
  USERS_REMEMBERED(
      "pipeline.processor.users.remembered", Kind.GAUGE, "", "users of the directory in memory");

  private final String meterName;
  private final Kind kind;
  private final String label;
  private final String meaning;

  ProcessorMeter(String meterName, Kind kind, String label, String meaning) {
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
