package io.agentweave.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** {@code transport}: how calls are made. */
public record TransportSection(
    @Valid ConnectionPool connectionPool,
    @Valid CircuitBreaker circuitBreaker,
    @Valid Retry retry) {

  /**
   * {@code transport.connection_pool}.
   *
   * @param maxConnections {@code max_connections}: to all targets together
   * @param idle {@code idle_timeout_seconds}: an unused connection is closed after this
   */
  public record ConnectionPool(
      @Default("100") @Positive int maxConnections,
      @Key("idle_timeout_seconds")
          @Default("60")
          @DurationMin(millis = 1, message = "must be at least 1 ms")
          Duration idle) {}

  /**
   * {@code transport.circuit_breaker}, one for each target.
   *
   * @param failureThreshold {@code failure_threshold}: failures in a row that open it
   * @param recovery {@code recovery_timeout_seconds}: the longest it stays open before a probe; it
   *     begins with a second and doubles after each probe that fails
   */
  public record CircuitBreaker(
      @Default("5") @Positive @Max(1000) int failureThreshold,
      @Key("recovery_timeout_seconds") @Default("30") Duration recovery) {}

  /**
   * {@code transport.retry}: full jitter between zero and the exponentially growing delay.
   *
   * @param maxAttempts {@code max_attempts}: the first one included
   * @param baseDelay {@code base_delay_seconds}
   * @param maxDelay {@code max_delay_seconds}
   */
  public record Retry(
      @Default("3") @Min(1) @Max(10) int maxAttempts,
      @Default("1") Duration baseDelay,
      @Default("30") Duration maxDelay) {}
}
