package io.agentweave.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * {@code server}: how calls are taken.
 *
 * @param host address to bind
 * @param port 0 picks a free one
 * @param maxConcurrentRequests {@code max_concurrent_requests}
 * @param requestTimeout {@code request_timeout_seconds}: no call takes longer, whatever its caller
 *     asked for
 * @param gracefulShutdown {@code graceful_shutdown_seconds}
 * @param maxPayloadBytes {@code max_payload_bytes}
 * @param requestsPerSecondPerPeer {@code requests_per_second_per_peer}
 */
public record ServerSection(
    @NotBlank String host,
    @Min(0) @Max(65535) int port,
    @Positive int maxConcurrentRequests,
    Duration requestTimeout,
    Duration gracefulShutdown,
    @Min(1024) @Max(64 * 1024 * 1024) int maxPayloadBytes,
    @Positive int requestsPerSecondPerPeer) {}
