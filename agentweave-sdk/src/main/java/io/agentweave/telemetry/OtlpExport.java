package io.agentweave.telemetry;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends spans over OTLP/gRPC. */
final class OtlpExport {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** The vendor logs each failure; ours says once that spans are lost and once that it is over. */
  private static final Logger VENDOR = Logger.getLogger("io.opentelemetry");

  private OtlpExport() {}

  static SpanExporter to(String endpoint) {
    VENDOR.setLevel(Level.OFF);
    return OtlpGrpcSpanExporter.builder()
        .setEndpoint(endpoint)
        .setTimeout(TIMEOUT)
        .setConnectTimeout(TIMEOUT)
        .build();
  }
}
