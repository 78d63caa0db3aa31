package io.agentweave.call;

/**
 * The place of a call in its distributed trace (W3C Trace Context, level 1).
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits
 * @param sampled whether the spans of this trace are exported
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {

  /** The value of the {@code traceparent} header. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
