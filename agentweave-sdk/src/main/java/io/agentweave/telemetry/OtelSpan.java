package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span of the OpenTelemetry SDK. What it notes about request and decision is also in the log
 * lines of its thread until it ends.
 */
final class OtelSpan implements ActiveSpan {
  private static final Map<SpanKey, String> LOGGED =
      new EnumMap<>(Map.of(SpanKey.REQUEST_ID, "request_id", SpanKey.DECISION_ID, "decision_id"));
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private final Span span;
  private final Scope scope;
  private @Nullable LogField logged;
  private boolean closed;

  @SuppressWarnings("MustBeClosedChecker") // close() closes it
  OtelSpan(Span span) {
    this.span = span;
    this.scope = span.makeCurrent();
  }

  @Override
  public ActiveSpan note(SpanKey key, String value) {
    span.setAttribute(key.key(), value);
    String name = LOGGED.get(key);
    if (name != null) {
      logged = LogField.put(name, value, logged);
    }
    return this;
  }

  @Override
  public ActiveSpan note(SpanKey key, long value) {
    span.setAttribute(key.key(), value);
    return this;
  }

  @Override
  public void fail(String kind) {
    span.setAttribute(ERROR_TYPE, kind);
    span.setStatus(StatusCode.ERROR, kind);
  }

  @Override
  public TraceContext context() {
    return context(span.getSpanContext());
  }

  static TraceContext context(SpanContext context) {
    return new TraceContext(
        context.getTraceId(),
        context.getSpanId(),
        context.isSampled(),
        TraceStateHeader.value(context.getTraceState()));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    scope.close();
    span.end();
    LogField.restore(logged);
  }
}
