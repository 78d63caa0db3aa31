package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way to make spans and measure. Safe for use by many threads. Never fails a call: what
 * can't be exported is dropped and counted.
 */
public interface Telemetry extends AutoCloseable {

  /** Starts a span under the current one of this thread, or a new trace. */
  ActiveSpan span(SpanName name);

  /** Starts a span under {@code parent}, for example one that came over the wire. */
  ActiveSpan span(SpanName name, @Nullable TraceContext parent);

  /** Where this thread is in its trace, if it is in one. */
  @Nullable TraceContext currentTrace();

  /** Adds to a {@link MeterName.Kind#COUNTER}. One value for each of the meter's labels. */
  void count(MeterName name, double amount, String... labelValues);

  /** Adds a duration to a {@link MeterName.Kind#TIMER}. */
  void time(MeterName name, Duration duration, String... labelValues);

  /** Reads a {@link MeterName.Kind#GAUGE} whenever somebody looks. */
  void gauge(MeterName name, DoubleSupplier value, String... labelValues);

  /** Flushes and stops exporting, within a few seconds. */
  @Override
  void close();
}
