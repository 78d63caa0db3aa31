package io.agentweave.telemetry;

import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way to make spans and measure. Safe for use by many threads. Never fails a call: what
 * can't be exported is dropped and counted.
 */
public interface Telemetry extends AutoCloseable {

  /**
   * Starts telemetry whose spans, if any are wanted, go to the configured OTLP endpoint.
   *
   * @throws IllegalArgumentException when the collector's authorities can't be used
   */
  static Telemetry start(TelemetrySettings settings) {
    return OtelTelemetry.start(settings, OtlpExport.to(settings.tracing()));
  }

  /** Starts telemetry whose spans go to {@code exporter}; for tests and test kits. */
  static Telemetry start(TelemetrySettings settings, SpanExporter exporter) {
    return OtelTelemetry.start(settings, () -> exporter);
  }

  /**
   * Starts the span of a call: {@code AGENT.CAPABILITY} at the callee, {@code call CAPABILITY} at
   * the caller.
   *
   * @param capability the capability or protocol action; inbound, one that the agent does not serve
   *     is called {@code other}, so that strangers can't invent names
   * @param parent what came over the wire, or null; outbound, null means the current span
   */
  ActiveSpan callSpan(Direction direction, String capability, @Nullable TraceContext parent);

  /** Starts a span under the current one of this thread, or a new trace. */
  ActiveSpan span(SpanName name);

  /**
   * Starts a span under {@code parent}, for example one that came over the wire or from another
   * thread; a null parent starts a new trace.
   */
  ActiveSpan span(SpanName name, @Nullable TraceContext parent);

  /** Where this thread is in its trace, if it is in one. */
  @Nullable TraceContext currentTrace();

  /** Adds to a {@link MeterName.Kind#COUNTER}. One value for each of the meter's labels. */
  default void count(MeterName name, double amount, String... labelValues) {
    count(name, amount, null, labelValues);
  }

  /** The same, and keeps {@code exemplar} as the latest call behind the number. */
  void count(MeterName name, double amount, @Nullable CallExemplar exemplar, String... labelValues);

  /** Adds a duration to a {@link MeterName.Kind#TIMER}. */
  default void time(MeterName name, Duration duration, String... labelValues) {
    time(name, duration, null, labelValues);
  }

  /** The same, and keeps {@code exemplar} as the latest call of its bucket. */
  void time(
      MeterName name, Duration duration, @Nullable CallExemplar exemplar, String... labelValues);

  /** Reads a {@link MeterName.Kind#GAUGE} whenever somebody looks. */
  void gauge(MeterName name, DoubleSupplier value, String... labelValues);

  /** All meters in the Prometheus text format, version 0.0.4. */
  default String scrape() {
    return scrape("").text();
  }

  /**
   * All meters, in OpenMetrics 1.0 with its exemplars for those who ask for it, else in the
   * Prometheus text format.
   *
   * @param accept as of HTTP; may be empty
   */
  Scrape scrape(String accept);

  /** Flushes and stops exporting, within a few seconds. */
  @Override
  void close();
}
