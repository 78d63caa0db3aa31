package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;

/**
 * A span that runs: the current one of its thread from start to close. Close it on the thread that
 * started it.
 */
public interface ActiveSpan extends AutoCloseable {

  /** Adds a fact. Values are ids, words and numbers; never payload contents. */
  ActiveSpan note(SpanKey key, String value);

  ActiveSpan note(SpanKey key, long value);

  /** Marks the span as failed, with one word that says how. */
  void fail(String kind);

  TraceContext context();

  @Override
  void close();
}
