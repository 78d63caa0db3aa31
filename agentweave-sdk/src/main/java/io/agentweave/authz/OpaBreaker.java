package io.agentweave.authz;

import io.agentweave.call.SteadyClock;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;

/**
 * Keeps a dead OPA from costing every call its timeout.
 *
 * <p>Only an OPA from which no whole answer comes counts as dead. An answer that makes no sense, a
 * status 500 included, does not: whoever can provoke one for his own call must not stop the others.
 */
final class OpaBreaker {
  /** How long OPA is left alone before one call tries it again. */
  static final Duration OPEN_FOR = Duration.ofSeconds(1);

  private static final int WINDOW = 10;
  private static final int ENOUGH_TO_JUDGE = 5;

  private OpaBreaker() {}

  static CircuitBreaker closed(Duration openFor) {
    return closed(openFor, SteadyClock.clock());
  }

  static CircuitBreaker closed(Duration openFor, SteadyClock clock) {
    return CircuitBreaker.of(
        "opa",
        CircuitBreakerConfig.custom()
            .clock(clock)
            .slidingWindow(WINDOW, ENOUGH_TO_JUDGE, SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(50)
            .waitDurationInOpenState(openFor)
            .permittedNumberOfCallsInHalfOpenState(1)
            .recordException(e -> true)
            .build());
  }
}
