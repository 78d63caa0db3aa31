package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * A span below one that is not sampled. Nobody will ever see it, so it has no ids of its own; the
 * log lines of its thread say what it notes about request and decision, as those of every span.
 */
final class UnsampledSpan implements ActiveSpan {
  private final TraceContext parent;
  private @Nullable LogField logged;

  UnsampledSpan(TraceContext parent) {
    this.parent = parent;
  }

  @Override
  public ActiveSpan note(SpanKey key, String value) {
    logged = OtelSpan.log(key, value, logged);
    return this;
  }

  @Override
  public ActiveSpan note(SpanKey key, long value) {
    return this;
  }

  @Override
  public void fail(String kind) {}

  /** Of the span above. */
  @Override
  public TraceContext context() {
    return parent;
  }

  @Override
  public void close() {
    LogField.restore(logged);
    logged = null;
  }
}
