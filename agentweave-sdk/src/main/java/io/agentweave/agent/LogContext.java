package io.agentweave.agent;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Puts the ids of a call into each log line of its handler. */
final class LogContext implements AutoCloseable {
  private final @Nullable Map<String, String> before;

  private LogContext(@Nullable Map<String, String> before) {
    this.before = before;
  }

  static LogContext of(RequestContext context) {
    LogContext opened = new LogContext(MDC.getCopyOfContextMap());
    MDC.put("request_id", context.requestId());
    MDC.put("decision_id", context.permit().id());
    MDC.put("trace_id", context.trace().traceId());
    MDC.put("capability", context.capability());
    return opened;
  }

  @Override
  public void close() {
    if (before == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(before);
    }
  }
}
