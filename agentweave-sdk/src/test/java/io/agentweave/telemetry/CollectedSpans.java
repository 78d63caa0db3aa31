package io.agentweave.telemetry;

import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.identity.SpiffeId;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps spans in memory. */
final class CollectedSpans implements SpanExporter {
  private final List<SpanData> spans = new CopyOnWriteArrayList<>();

  static TelemetrySettings settings(double sampleRate) {
    return new TelemetrySettings(
        "ingester",
        Optional.of(SpiffeId.parse("spiffe://agentweave.io/agent/ingester")),
        "development",
        new Tracing(true, "otlp", "http://localhost:4317", sampleRate),
        Set.of("ingest_event"));
  }

  List<SpanData> spans() {
    return spans;
  }

  SpanData named(String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> batch) {
    spans.addAll(batch);
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
