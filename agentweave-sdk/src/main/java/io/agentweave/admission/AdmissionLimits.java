package io.agentweave.admission;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much is let in.
 *
 * <p>Among several actions, none may have all of the agent's places: one busy action must not
 * starve the others.
 *
 * @param agentConcurrency calls inside the agent at once
 * @param concurrencyByAction calls at once of each action
 * @param concurrencyPerPeer calls at once of one peer, whatever the action
 * @param requestsPerSecondPerPeer rate of one peer, which may come in a burst of one second
 * @param requestsPerSecondByRateClass rates of the peers that policy puts in a class of its own
 * @param exempt actions that take no place and have no rate, such as {@code ping}
 * @param maxWait how long a call waits for a place of its action before it is turned away
 */
public record AdmissionLimits(
    int agentConcurrency,
    Map<String, Integer> concurrencyByAction,
    int concurrencyPerPeer,
    int requestsPerSecondPerPeer,
    Map<String, Integer> requestsPerSecondByRateClass,
    Set<String> exempt,
    Duration maxWait) {

  /** The usual {@link #maxWait}. */
  public static final Duration USUAL_MAX_WAIT = Duration.ofMillis(50);

  /** Throws {@link IllegalArgumentException} that names the limit which makes no sense. */
  public AdmissionLimits {
    concurrencyByAction = Map.copyOf(concurrencyByAction);
    requestsPerSecondByRateClass = Map.copyOf(requestsPerSecondByRateClass);
    exempt = Set.copyOf(exempt);
    expectPositive("the agent's concurrency", agentConcurrency);
    expectPositive("the concurrency per peer", concurrencyPerPeer);
    expectPositive("the requests per second per peer", requestsPerSecondPerPeer);
    requestsPerSecondByRateClass.forEach(
        (rateClass, rate) -> expectPositive("the rate of class " + rateClass, rate));
    int most = concurrencyByAction.size() > 1 ? agentConcurrency - 1 : agentConcurrency;
    for (var limit : concurrencyByAction.entrySet()) {
      expectPositive("the concurrency of " + limit.getKey(), limit.getValue());
      if (limit.getValue() > most) {
        throw new IllegalArgumentException(
            "the concurrency of %s must be at most %d, found %d: no action may take all %d places of the agent"
                .formatted(limit.getKey(), most, limit.getValue(), agentConcurrency));
      }
    }
    Set<String> both = new TreeSet<>(exempt);
    both.retainAll(concurrencyByAction.keySet());
    if (!both.isEmpty()) {
      throw new IllegalArgumentException("both exempt and limited: " + both);
    }
    if (maxWait.isNegative()) {
      throw new IllegalArgumentException("the wait must not be negative, found " + maxWait);
    }
  }

  private static void expectPositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, found " + value);
    }
  }
}
