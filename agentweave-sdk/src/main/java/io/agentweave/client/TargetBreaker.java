package io.agentweave.client;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.SteadyClock;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.SpiffeId;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The circuit to one target: opens after so many failures of the transport in a row, and lets one
 * probe through after a second. Each probe that fails doubles that time, up to {@code
 * recovery_timeout_seconds}. Safe for use by many threads.
 *
 * <p>A refusal by the target closes it as well as an answer: the target was reached.
 */
final class TargetBreaker {
  /** A target that was started anew is back in seconds. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  /**
   * What a target gets to answer a trial, having perhaps just started; and how long an answer to
   * anybody proves that it is there.
   */
  private static final Duration FAIR_TRIAL = Duration.ofSeconds(5);

  private final SpiffeId target;
  private final Duration longestWait;
  private final SteadyClock clock;
  private final CircuitBreaker circuit;
  private volatile Instant triesAt = Instant.MIN;
  private volatile Instant answeredAt = Instant.MIN;
  private volatile String lastFailure = "";

  /**
   * @param clock what pauses are measured by
   * @param onOpen told each time the circuit opens
   */
  TargetBreaker(
      SpiffeId target,
      TransportSection.CircuitBreaker settings,
      SteadyClock clock,
      Runnable onOpen) {
    this.target = target;
    this.longestWait = settings.recovery();
    this.clock = clock;
    this.circuit =
        CircuitBreaker.of(
            target.toString(),
            CircuitBreakerConfig.custom()
                .clock(clock)
                .slidingWindow(
                    settings.failureThreshold(),
                    settings.failureThreshold(),
                    SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100)
                .waitIntervalFunctionInOpenState(this::waitBeforeProbe)
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    circuit
        .getEventPublisher()
        .onStateTransition(
            event -> {
              if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                onOpen.run();
              }
            });
  }

  /** In milliseconds, for the so many-th time in a row that the circuit opens. */
  private long waitBeforeProbe(int times) {
    Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.clamp(times - 1L, 0, 20));
    Duration wait = doubled.compareTo(longestWait) < 0 ? doubled : longestWait;
    triesAt = clock.instant().plus(wait);
    return Math.max(1, wait.toMillis());
  }

  /** Empty when a call may be made; then {@link #record} has to follow. */
  Optional<Refusal> refusal() {
    if (circuit.tryAcquirePermission()) {
      return Optional.empty();
    }
    Duration left = Duration.between(clock.instant(), triesAt);
    Duration retryAfter = left.isPositive() ? left : Duration.ofMillis(100);
    return Optional.of(
        new Refusal.Overloaded(
            "circuit_breaker",
            retryAfter,
            "%s could not be reached lately (%s); next try in %d ms"
                .formatted(target, lastFailure, retryAfter.toMillis())));
  }

  boolean isOpen() {
    return circuit.getState() == CircuitBreaker.State.OPEN;
  }

  void record(CallOutcome<?> outcome, Duration duration) {
    switch (outcome) {
      case CallOutcome.Answered<?> a -> answered(duration);
      case CallOutcome.Refused<?>(Refusal refusal) -> record(refusal, duration);
    }
  }

  private void record(Refusal refusal, Duration duration) {
    switch (refusal) {
      case Refusal.Unreachable r -> failed(r, duration);
      case Refusal.DeadlineExceeded r when provesNothing(duration) -> circuit.releasePermission();
      case Refusal.DeadlineExceeded r -> failed(r, duration);
      case Refusal.Unauthenticated r -> failed(r, duration);
      case Refusal.RefusedByPeer r -> answered(duration);
      case Refusal.Denied r -> circuit.releasePermission();
      case Refusal.PolicyUnavailable r -> circuit.releasePermission();
      case Refusal.AuditUnavailable r -> circuit.releasePermission();
      case Refusal.Overloaded r -> circuit.releasePermission();
      case Refusal.Draining r -> circuit.releasePermission();
      case Refusal.Invalid r -> circuit.releasePermission();
      case Refusal.Cancelled r -> circuit.releasePermission();
      case Refusal.Protocol r -> circuit.releasePermission();
      case Refusal.DependencyUnavailable r -> circuit.releasePermission();
      case Refusal.Broken r -> circuit.releasePermission();
    }
  }

  private void answered(Duration duration) {
    answeredAt = clock.instant();
    circuit.onSuccess(duration.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Whoever waited for the circuit has little left of its time when it may try at last: the next
   * one tries instead. And how much time a call has its caller says, who may be a stranger: calls
   * in a hurry must not close a target to all others that answers them.
   */
  private boolean provesNothing(Duration duration) {
    return duration.compareTo(FAIR_TRIAL) < 0
        && (circuit.getState() == CircuitBreaker.State.HALF_OPEN || answeredLately());
  }

  private boolean answeredLately() {
    return clock.instant().minus(FAIR_TRIAL).isBefore(answeredAt);
  }

  private void failed(Refusal refusal, Duration duration) {
    lastFailure = refusal.detail();
    circuit.onError(
        duration.toNanos(), TimeUnit.NANOSECONDS, new CallFailedException(refusal.detail()));
  }

  /** What the circuit is told; thrown by nobody. */
  private static final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallFailedException(String message) {
      super(message, null, false, false);
    }
  }
}
