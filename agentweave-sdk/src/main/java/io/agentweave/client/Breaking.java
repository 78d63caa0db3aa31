package io.agentweave.client;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import java.time.Duration;
import java.util.Optional;

/** Spares a target that can't be reached, and those who would wait for it. */
final class Breaking<R> implements Stage<Located, Located, R> {
  private final Breakers breakers;

  Breaking(Breakers breakers) {
    this.breakers = breakers;
  }

  @Override
  public CallOutcome<R> pass(Located located, Next<Located, R> next) {
    TargetBreaker breaker = breakers.of(located.outgoing().target());
    Optional<Refusal> open = breaker.refusal();
    if (open.isPresent()) {
      return CallOutcome.refused(open.get());
    }
    long start = System.nanoTime();
    CallOutcome<R> outcome = CallOutcome.refused(new Refusal.Broken("a stage threw"));
    try {
      outcome = next.proceed(located);
      return outcome;
    } finally {
      breaker.record(outcome, Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
