package io.agentweave.authz;

import io.agentweave.authz.OpaExchange.Reply;
import io.agentweave.authz.OpaRevision.Told;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Asks OPA's data API, every time.
 *
 * <p>The {@link #revision} is that of the bundles which OPA named in an answer asked for less than
 * {@link OpaRevision#KNOWN_FOR} ago; when there was none, it is unknown, and one of those who could
 * use a permit of it again asks for all. Data pushed into OPA beside its bundles has no revision: a
 * policy that looks at such data must not say {@code cacheable_for}.
 */
final class OpaPolicyEngine implements PolicyEngine {
  private final OpaExchange opa;
  private final CircuitBreaker breaker;
  private final LongSupplier nanoTime;
  private final OpaRevision revision;

  OpaPolicyEngine(OpaExchange opa, CircuitBreaker breaker, LongSupplier nanoTime) {
    this.opa = opa;
    this.breaker = breaker;
    this.nanoTime = nanoTime;
    revision = new OpaRevision(nanoTime);
  }

  @Override
  public Decision decide(PolicyInput input) {
    return decide(input, System.nanoTime());
  }

  /** Waits for another's question at most half of its time, so that it can still ask itself. */
  @Override
  public Optional<Decision> decideUnlessStill(String earlier, PolicyInput input) {
    long since = System.nanoTime();
    Told told = revision.toldOr(() -> decide(input, since), opa.timeout().dividedBy(2));
    return switch (told) {
      case Told.Answer(var decision) -> Optional.of(decision);
      case Told.Revision(var now) when !now.isEmpty() && now.equals(earlier) -> Optional.empty();
      case Told.Revision other -> Optional.of(decide(input, since));
    };
  }

  private Decision decide(PolicyInput input, long since) {
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
      Reply reply = opa.ask(question, since);
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
      revision.answered(decision.revision(), askedAt);
    }
    return decision;
  }

  @Override
  public String revision() {
    return revision.known();
  }

  @Override
  public void close() {
    opa.close();
  }
}
