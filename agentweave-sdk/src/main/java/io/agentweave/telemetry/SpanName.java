package io.agentweave.telemetry;

/** The name of a span. Implemented by enums only, so that each name is spelled once. */
public interface SpanName {

  /** As it appears in the trace. */
  String spanName();

  /** What the span covers, for the reference page. */
  String meaning();
}
