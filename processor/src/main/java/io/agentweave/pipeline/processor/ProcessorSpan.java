package io.agentweave.pipeline.processor;

import io.agentweave.telemetry.SpanName;

/** The spans of the processor agent. */
enum ProcessorSpan implements SpanName {
  ENRICH_EVENT("enrich_event", "user, day and hour looked up"),
  TRANSFORM_EVENT("transform_event", "rules applied and events put into the shape that is stored");

  private final String spanName;
  private final String meaning;

  ProcessorSpan(String spanName, String meaning) {
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
