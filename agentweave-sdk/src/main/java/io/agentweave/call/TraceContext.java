package io.agentweave.call;

/**
 * The place of a call in its distributed trace (W3C Trace Context, level 1).
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits
 * @param sampled whether the spans of this trace are exported
 * @param state what tracing systems on the way noted for themselves: the value of the {@code
 *     tracestate} header, which goes on unchanged; empty when nobody did
 */
public record TraceContext(String traceId, String spanId, boolean sampled, String state) {

  /** A place of which no tracing system noted anything. */
  public TraceContext(String traceId, String spanId, boolean sampled) {
    this(traceId, spanId, sampled, "");
  }

  /** The value of the {@code traceparent} header. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
