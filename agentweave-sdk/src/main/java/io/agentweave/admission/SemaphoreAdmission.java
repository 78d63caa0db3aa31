package io.agentweave.admission;

import io.agentweave.call.Deadline;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Doors made of counting semaphores, with token buckets in front of the second. */
final class SemaphoreAdmission implements AdmissionControl {
  /** When a place is likely to be free again; the caller adds its own jitter. */
  private static final Duration PLACE_RETRY = Duration.ofMillis(250);

  private final AdmissionLimits limits;
  private final Semaphore agent;
  private final Map<String, ActionPlaces> actions;
  private final PeerRates rates;
  private final PeerShares shares;

  SemaphoreAdmission(AdmissionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    agent = new Semaphore(limits.agentConcurrency());
    actions =
        limits.concurrencyByAction().entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, limit -> new ActionPlaces(limit.getValue())));
    rates =
        new PeerRates(
            limits.requestsPerSecondPerPeer(), limits.requestsPerSecondByRateClass(), nanoTime);
    shares = new PeerShares(limits.concurrencyPerPeer());
  }

  @Override
  public Admission enter(String action) {
    if (limits.exempt().contains(action)) {
      return admitted(() -> {});
    }
    if (!agent.tryAcquire()) {
      return turnedAway(
          "agent_concurrency",
          PLACE_RETRY,
          "all " + limits.agentConcurrency() + " places of the agent are taken");
    }
    return admitted(agent::release);
  }

  @Override
  public Admission admit(
      String action, SpiffeId peer, @Nullable String rateClass, Deadline deadline) {
    if (limits.exempt().contains(action)) {
      return admitted(() -> {});
    }
    ActionPlaces places = placesOf(action);
    Optional<Duration> tooFast = rates.refusal(peer, rateClass);
    if (tooFast.isPresent()) {
      return turnedAway("peer_rate", tooFast.get(), peer + " sends more than its rate");
    }
    if (!shares.take(peer)) {
      return turnedAway(
          "peer_concurrency",
          PLACE_RETRY,
          peer + " has all " + limits.concurrencyPerPeer() + " places that one peer may have");
    }
    boolean placed = false;
    try {
      placed = places.take(shorter(limits.maxWait(), deadline.remaining()));
    } finally {
      if (!placed) {
        shares.giveBack(peer);
      }
    }
    if (!placed) {
      return turnedAway(
          "capability_concurrency",
          PLACE_RETRY,
          "all " + places.limit() + " places of " + action + " are taken");
    }
    return admitted(
        () -> {
          places.giveBack();
          shares.giveBack(peer);
        });
  }

  @Override
  public void expectLimitsFor(Collection<String> wanted) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(actions.keySet());
    missing.removeAll(limits.exempt());
    if (!missing.isEmpty()) {
      throw new IllegalStateException("no concurrency limit for: " + String.join(", ", missing));
    }
  }

  @Override
  public int permitsInUse() {
    return limits.agentConcurrency() - agent.availablePermits();
  }

  @Override
  public int permitsInUse(String action) {
    return limits.exempt().contains(action) ? 0 : placesOf(action).inUse();
  }

  private ActionPlaces placesOf(String action) {
    ActionPlaces places = actions.get(action);
    if (places == null) {
      throw new IllegalStateException("no concurrency limit for: " + action);
    }
    return places;
  }

  private static Admission admitted(Runnable giveBack) {
    return new Admission.Admitted(new OneTimeTicket(giveBack));
  }

  private static Admission turnedAway(String limit, Duration retryAfter, String detail) {
    return new Admission.TurnedAway(new Refusal.Overloaded(limit, retryAfter, detail));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
