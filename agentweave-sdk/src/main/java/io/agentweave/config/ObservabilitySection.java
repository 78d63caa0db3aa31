package io.agentweave.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Optional;

/** {@code observability}: how the agent shows what it does. */
public record ObservabilitySection(
    @Valid Metrics metrics, @Valid Tracing tracing, @Valid Logging logging) {

  /**
   * {@code observability.metrics}: {@code /metrics}, {@code /health/live}, {@code /health/ready}.
   *
   * @param port 0 picks a free one
   */
  public record Metrics(
      @Default("true") boolean enabled,
      @Default("0.0.0.0") @NotBlank String host,
      @Default("9090") @Min(0) @Max(65535) int port) {}

  /**
   * {@code observability.tracing}.
   *
   * @param exporter {@code otlp}
   * @param endpoint OTLP over gRPC
   * @param caFile {@code ca_file}: PEM file of the only authorities that an {@code https://}
   *     collector may be proven by; the JDK's own when absent
   * @param sampleRate share of traces that are exported, decided at their root
   */
  public record Tracing(
      @Default("true") boolean enabled,
      @Default("otlp") @Pattern(regexp = "otlp", message = "must be otlp") String exporter,
      @Default("http://localhost:4317")
          @Pattern(regexp = "https?://.+", message = "must start with http:// or https://")
          String endpoint,
      Optional<Path> caFile,
      @Default("1.0") @DecimalMin("0.0") @DecimalMax("1.0") double sampleRate) {

    /** To a collector that needs no authorities of its own. */
    public Tracing(boolean enabled, String exporter, String endpoint, double sampleRate) {
      this(enabled, exporter, endpoint, Optional.empty(), sampleRate);
    }
  }

  /** {@code observability.logging}. */
  public record Logging(@Default("INFO") Level level, @Default("json") Format format) {}

  /** How much is logged. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** How a log line looks. */
  public enum Format {
    JSON,
    TEXT
  }
}
