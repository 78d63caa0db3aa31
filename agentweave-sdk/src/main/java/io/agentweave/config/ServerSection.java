package io.agentweave.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * {@code server}: how calls are taken.
 *
 * @param host address to bind
 * @param port 0 picks a free one
 * @param maxConcurrentRequests {@code max_concurrent_requests}: at least two, because no capability
 *     may have all places
 * @param requestTimeout {@code request_timeout_seconds}: no call takes longer, whatever its caller
 *     asked for
 * @param gracefulShutdown {@code graceful_shutdown_seconds}
 * @param maxPayloadBytes {@code max_payload_bytes}
 * @param requestsPerSecond {@code requests_per_second}
 */
public record ServerSection(
    @Default("0.0.0.0") @NotBlank String host,
    @Default("8443") @Min(0) @Max(65535) int port,
    @Default("1000") @Min(2) @Max(1_000_000) int maxConcurrentRequests,
    @Default("60") @DurationMin(millis = 1, message = "must be more than 0")
        Duration requestTimeout,
    @Key("graceful_shutdown_seconds") @Default("30") Duration gracefulShutdown,
    @Default("4194304") @Min(1024) @Max(64 * 1024 * 1024) int maxPayloadBytes,
    @Valid RequestsPerSecond requestsPerSecond) {

  /**
   * {@code server.requests_per_second}: how fast each peer may call. A peer that is faster is told
   * when to come back.
   *
   * @param perPeer {@code per_peer}: unless its grant names a class
   * @param byRateClass {@code by_rate_class}: for calls whose grant has this {@code rate_class}; a
   *     class without a rate here has that of all
   */
  public record RequestsPerSecond(
      @Default("20000") @Positive @Max(MOST) int perPeer,
      @Default("{}") Map<String, @Positive @Max(MOST) Integer> byRateClass) {

    /** One a nanosecond: no clock tells more apart. */
    private static final int MOST = 1_000_000_000;
  }
}
