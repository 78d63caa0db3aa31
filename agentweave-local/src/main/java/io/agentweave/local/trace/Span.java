package io.agentweave.local.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One step of a trace.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param parentId empty for a root
 * @param service which process it happened in ({@code service.name})
 * @param failed whether it was marked as an error
 * @param statusMessage what the error was, when it said so
 * @param attributes its facts; numbers and lists as text
 */
public record Span(
    String traceId,
    String spanId,
    String parentId,
    String service,
    String name,
    Instant start,
    Duration duration,
    boolean failed,
    String statusMessage,
    Map<String, String> attributes) {

  public Span {
    attributes = Map.copyOf(attributes);
  }
}
