package io.agentweave.pipeline.ingester;

import io.agentweave.telemetry.SpanName;

/** The spans of the ingester agent. */
enum IngesterSpan implements SpanName {
  VALIDATE_EVENT("validate_event", "events checked against the schema"),
  KEEP_INVALID("keep_invalid", "events that break the schema made dead letters"),
  FORWARD_EVENTS("forward_events", "events on their way through processor and storage");

  private final String spanName;
  private final String meaning;

  IngesterSpan(String spanName, String meaning) {
    this.spanName = spanName;
    this.meaning = meaning;
  }

  @Override
  public String spanName() {
    return spanName;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
