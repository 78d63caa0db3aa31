package io.agentweave.telemetry;

import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.journal.PlainFile;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends spans over OTLP/gRPC. */
final class OtlpExport {
  private static final int MOST_PEM_BYTES = 4 << 20;
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

  /**
   * Reads the collector's authorities at once; the exporter itself takes time that a start doesn't
   * have, and is made by whoever has the first span.
   *
   * @throws IllegalArgumentException when the authorities can't be used
   */
  static Supplier<SpanExporter> to(Tracing tracing) {
    Optional<byte[]> authorities =
        tracing.enabled() ? tracing.caFile().map(OtlpExport::authorities) : Optional.empty();
    return () -> exporter(tracing, authorities);
  }

  private static SpanExporter exporter(Tracing tracing, Optional<byte[]> authorities) {
    VENDOR.setLevel(Level.OFF);
    OtlpGrpcSpanExporterBuilder exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(tracing.endpoint())
            .setTimeout(TIMEOUT)
            .setConnectTimeout(TIMEOUT)
            .setRetryPolicy(RETRY);
    authorities.ifPresent(exporter::setTrustedCertificates);
    return exporter.build();
  }

  private static byte[] authorities(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "observability.tracing.ca_file: there is no file %s that this process may read"
              .formatted(file));
    }
    try {
      byte[] pem = PlainFile.read(file, MOST_PEM_BYTES);
      // The exporter takes no certificate for none to trust, and says so only call by call.
      if (CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem))
          .isEmpty()) {
        throw new IllegalArgumentException(
            "observability.tracing.ca_file: no certificate in " + file);
      }
      return pem;
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException(
          "observability.tracing.ca_file: %s can't be used: %s".formatted(file, e.getMessage()), e);
    }
  }
}
