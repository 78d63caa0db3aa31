package io.agentweave.authz;

import io.agentweave.authz.OpaExchange.Reply;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Asks OPA's data API, every time.
 *
 * <p>The {@link #revision} is that of the bundles which OPA named in an answer asked for less than
 * {@link #REVISION_KNOWN_FOR} ago; when there was none, it is unknown and the next decision is a
 * fresh one. Data pushed into OPA beside its bundles has no revision: a policy that looks at such
 * data must not say {@code cacheable_for}.
 */
final class OpaPolicyEngine implements PolicyEngine {
  static final Duration REVISION_KNOWN_FOR = Duration.ofMillis(50);

  private final OpaExchange opa;
  private final CircuitBreaker breaker;
  private final LongSupplier nanoTime;
  private final AtomicReference<Seen> seen;

  OpaPolicyEngine(OpaExchange opa, CircuitBreaker breaker, LongSupplier nanoTime) {
    this.opa = opa;
    this.breaker = breaker;
    this.nanoTime = nanoTime;
    seen = new AtomicReference<>(new Seen("", nanoTime.getAsLong() - REVISION_KNOWN_FOR.toNanos()));
  }

  @Override
  public Decision decide(PolicyInput input) {
    String id = DecisionId.next();
    byte[] question;
    try {
      question = PolicyInputJson.question(input);
    } catch (IllegalArgumentException e) {
      return Unavailable.badInput(id, e);
    }
    if (!breaker.tryAcquirePermission()) {
      return new Unavailable(
          id, "breaker_open", "OPA at " + opa + " did not answer before; not asked again yet");
    }
    long askedAt = nanoTime.getAsLong();
    boolean judged = false;
    try {
      Reply reply = opa.ask(question);
      breaker.onSuccess(nanoTime.getAsLong() - askedAt, TimeUnit.NANOSECONDS);
      judged = true;
      return switch (reply) {
        case Reply.Fault(var word, var detail) -> new Unavailable(id, word, detail);
        case Reply.Body(var bytes) -> noted(OpaAnswer.decision(id, bytes), askedAt);
      };
    } catch (IOException e) {
      if (OpaFault.ofOpa(e)) {
        breaker.onError(nanoTime.getAsLong() - askedAt, TimeUnit.NANOSECONDS, e);
        judged = true;
      }
      return new Unavailable(id, OpaFault.word(e), "OPA at " + opa + ": " + OpaFault.detail(e));
    } finally {
      if (!judged) {
        breaker.releasePermission();
      }
    }
  }

  private Decision noted(Decision decision, long askedAt) {
    if (!(decision instanceof Unavailable)) {
      Seen answer = new Seen(decision.revision(), askedAt);
      seen.accumulateAndGet(answer, (a, b) -> a.askedAt - b.askedAt > 0 ? a : b);
    }
    return decision;
  }

  @Override
  public String revision() {
    Seen latest = seen.get();
    long age = nanoTime.getAsLong() - latest.askedAt;
    return age < REVISION_KNOWN_FOR.toNanos() ? latest.revision : "";
  }

  @Override
  public void close() {
    opa.close();
  }

  private record Seen(String revision, long askedAt) {}
}
