package io.agentweave.identity;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest snapshot of a source and those who want to hear of the next. Read by any thread,
 * replaced by the source's one thread, which also tells the listeners.
 */
final class CurrentSnapshot {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentSnapshot.class);

  private record Held(SvidSnapshot snapshot, Instant since) {}

  private final Set<TrustDomain> allowed;
  private final InstantSource clock;
  private final List<Consumer<IdentitySnapshot>> listeners = new CopyOnWriteArrayList<>();
  private volatile Held held;

  CurrentSnapshot(SvidMaterial first, Set<TrustDomain> allowed, InstantSource clock) {
    this.allowed = Set.copyOf(allowed);
    this.clock = clock;
    this.held = hold(first, 1, Optional.empty());
  }

  private Held hold(SvidMaterial material, long generation, Optional<String> withdrawn) {
    return new Held(
        new SvidSnapshot(material, allowed, generation, withdrawn, clock), clock.instant());
  }

  SvidSnapshot get() {
    return held.snapshot();
  }

  /** Replaces the snapshot, unless it already is one of the same material. */
  void renew(SvidMaterial material) {
    replace(material, Optional.empty());
  }

  /** Takes the identity back: the same material, in a snapshot that must not be used. */
  void withdraw(String reason) {
    replace(get().material(), Optional.of(reason));
  }

  private void replace(SvidMaterial material, Optional<String> withdrawn) {
    SvidSnapshot old = get();
    if (old.material().equals(material) && old.withdrawn().equals(withdrawn)) {
      return;
    }
    held = hold(material, old.generation() + 1, withdrawn);
    withdrawn.ifPresentOrElse(
        reason -> LOG.warn("{} must not be used any more: {}", material, reason),
        () -> LOG.info("{} is valid until {}", material, material.leaf().getNotAfter()));
    for (Consumer<IdentitySnapshot> listener : listeners) {
      try {
        listener.accept(held.snapshot());
      } catch (RuntimeException e) {
        LOG.error("A listener failed to take the new identity snapshot", e);
      }
    }
  }

  IdentitySource.Subscription onChange(Consumer<IdentitySnapshot> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * @param problem what ails the source itself; empty when nothing does
   */
  IdentityHealth health(String problem) {
    Held now = held;
    SvidSnapshot snapshot = now.snapshot();
    Optional<String> unusable = snapshot.unusableBecause();
    IdentityHealth.State state =
        unusable.isPresent()
            ? IdentityHealth.State.DOWN
            : problem.isEmpty() ? IdentityHealth.State.UP : IdentityHealth.State.DEGRADED;
    String detail =
        unusable
            .map(reason -> problem.isEmpty() ? reason : reason + "; " + problem)
            .orElse(problem);
    return new IdentityHealth(
        state, detail, snapshot.notBefore(), snapshot.notAfter(), now.since());
  }
}
