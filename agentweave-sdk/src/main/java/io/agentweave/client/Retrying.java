package io.agentweave.client;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.config.TransportSection.Retry;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.AgentSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes an attempt, and another one where {@link RetryRule} allows it, the deadline leaves time for
 * it, and the target's {@link RetryBudget} pays for it. Each attempt passes everything below anew,
 * policy included. The first one that a connection turned away is made again at once, and is not
 * one of those that are allowed: it is over before the target has seen it.
 */
final class Retrying<R> implements Stage<Outgoing, Attempt, R> {
  private final Telemetry telemetry;
  private final Retry retry;
  private final Backoff backoff;
  private final Map<SpiffeId, RetryBudget> budgets = new ConcurrentHashMap<>();

  Retrying(Telemetry telemetry, Retry retry) {
    this.telemetry = telemetry;
    this.retry = retry;
    this.backoff = new Backoff(retry, ThreadLocalRandom::current);
  }

  @Override
  public CallOutcome<R> pass(Outgoing outgoing, Next<Attempt, R> next) {
    RetryBudget budget = budgets.computeIfAbsent(outgoing.target(), target -> new RetryBudget());
    budget.earn();
    int turnedAway = 0;
    for (int number = 1; ; number++) {
      Attempt attempt = new Attempt(outgoing, number);
      outgoing.trail().attempt(number);
      CallOutcome<R> outcome = observed(attempt, next);
      boolean atOnce = turnedAway == 0 && attempt.turnedAway();
      turnedAway += atOnce ? 1 : 0;
      int tried = number - turnedAway;
      if (!(outcome instanceof CallOutcome.Refused<R>(Refusal refusal))
          || tried >= retry.maxAttempts()
          || !RetryRule.allows(refusal, attempt)) {
        return outcome;
      }
      Duration wait =
          atOnce ? Duration.ZERO : backoff.afterAttempt(tried, RetryRule.notBefore(refusal));
      if (wait.compareTo(outgoing.call().deadline().remaining()) >= 0 || !budget.spend()) {
        return outcome;
      }
      telemetry.count(AgentMeter.CALL_RETRIES, 1, outgoing.call().action());
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return CallOutcome.refused(
            new Refusal.Cancelled("the caller gave up after attempt " + number));
      }
    }
  }

  private CallOutcome<R> observed(Attempt attempt, Next<Attempt, R> next) {
    try (ActiveSpan span = telemetry.span(AgentSpan.ATTEMPT)) {
      span.note(SpanKey.ATTEMPT, attempt.number());
      CallOutcome<R> outcome = next.proceed(attempt);
      if (outcome instanceof CallOutcome.Refused<R>(Refusal refusal)) {
        span.note(SpanKey.REFUSAL_DETAIL, refusal.detail());
        span.fail(refusal.kind().word());
      }
      return outcome;
    }
  }
}
