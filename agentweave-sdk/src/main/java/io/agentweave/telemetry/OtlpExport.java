package io.agentweave.telemetry;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends spans over OTLP/gRPC. */
final class OtlpExport {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Short, because closing waits for it: a collector that is away must not hold up a stop. */
  private static final RetryPolicy RETRY =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofMillis(100))
          .setMaxBackoff(Duration.ofMillis(500))
          .build();

  /** The vendor logs each failure; ours says once that spans are lost and once that it is over. */
  private static final Logger VENDOR = Logger.getLogger("io.opentelemetry");

  private OtlpExport() {}

  static SpanExporter to(String endpoint) {
    VENDOR.setLevel(Level.OFF);
    return OtlpGrpcSpanExporter.builder()
        .setEndpoint(endpoint)
        .setTimeout(TIMEOUT)
        .setConnectTimeout(TIMEOUT)
        .setRetryPolicy(RETRY)
        .build();
  }
}
