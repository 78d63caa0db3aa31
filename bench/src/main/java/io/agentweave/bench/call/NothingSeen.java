package io.agentweave.bench.call;

import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.CallExemplar;
import io.agentweave.telemetry.MeterName;
import io.agentweave.telemetry.Scrape;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.SpanName;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Measures and traces nothing. Only for finding out what that costs. */
final class NothingSeen implements Telemetry {
  private static final TraceContext NOWHERE =
      new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", false);

  private static final ActiveSpan SPAN =
      new ActiveSpan() {
        @Override
        public ActiveSpan note(SpanKey key, String value) {
          return this;
        }

        @Override
        public ActiveSpan note(SpanKey key, long value) {
          return this;
        }

        @Override
        public void fail(String kind) {}

        @Override
        public TraceContext context() {
          return NOWHERE;
        }

        @Override
        public void close() {}
      };

  @Override
  public ActiveSpan callSpan(
      Direction direction, String capability, @Nullable TraceContext parent) {
    return SPAN;
  }

  @Override
  public ActiveSpan span(SpanName name) {
    return SPAN;
  }

  @Override
  public ActiveSpan span(SpanName name, @Nullable TraceContext parent) {
    return SPAN;
  }

  @Override
  public TraceContext currentTrace() {
    return NOWHERE;
  }

  @Override
  public void count(
      MeterName name, double amount, @Nullable CallExemplar exemplar, String... labelValues) {}

  @Override
  public void time(
      MeterName name, Duration duration, @Nullable CallExemplar exemplar, String... labelValues) {}

  @Override
  public void gauge(MeterName name, DoubleSupplier value, String... labelValues) {}

  @Override
  public Scrape scrape(String accept) {
    return new Scrape("text/plain", "");
  }

  @Override
  public void close() {}
}
