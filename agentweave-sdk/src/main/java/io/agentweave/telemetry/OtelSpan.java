package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A span of the OpenTelemetry SDK. What it notes about request and decision is also in the log
 * lines of its thread until it ends.
 */
final class OtelSpan implements ActiveSpan {
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
    logged = log(key, value, logged);
    return this;
  }

  /** Puts what log lines are to say into the thread's fields. */
  static @Nullable LogField log(SpanKey key, String value, @Nullable LogField earlier) {
    return switch (key) {
      case REQUEST_ID -> LogField.put("request_id", value, earlier);
      case DECISION_ID -> LogField.put("decision_id", value, earlier);
      case DIRECTION,
          RPC,
          CAPABILITY,
          PEER,
          TARGET,
          PAYLOAD_SIZE,
          OUTCOME,
          REFUSAL_DETAIL,
          DECISION,
          DECISION_REASON,
          POLICY_ID,
          POLICY_REVISION,
          REUSED,
          TASK_ID,
          ATTEMPT,
          EVENTS,
          EVENT_ID ->
          earlier;
    };
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
