package io.agentweave.agent;

import io.agentweave.telemetry.LogField;
import org.jspecify.annotations.Nullable;

/** Puts the ids of a call into each log line of its handler. */
final class LogContext implements AutoCloseable {
  private final @Nullable LogField last;

  private LogContext(@Nullable LogField last) {
    this.last = last;
  }

  static LogContext of(RequestContext context) {
    LogField request = LogField.put("request_id", context.requestId(), null);
    LogField decision = LogField.put("decision_id", context.permit().id(), request);
    LogField trace = LogField.put("trace_id", context.trace().traceId(), decision);
    return new LogContext(LogField.put("capability", context.capability(), trace));
  }

  @Override
  public void close() {
    LogField.restore(last);
  }
}
