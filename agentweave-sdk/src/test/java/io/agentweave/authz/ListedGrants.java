package io.agentweave.authz;

import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A policy engine that permits what is listed, and nothing else. It can fall silent, as a real one
 * can.
 */
public final class ListedGrants implements PolicyEngine {
  private final Set<Grant> grants = ConcurrentHashMap.newKeySet();
  private final AtomicReference<PolicyInput> lastAsked = new AtomicReference<>();
  private final List<PolicyInput> asked = new CopyOnWriteArrayList<>();
  private final List<PolicyInput> askedWhetherStill = new CopyOnWriteArrayList<>();
  private volatile String silence = "";
  private volatile Duration reusableFor = Duration.ZERO;

  private record Grant(SpiffeId caller, String action) {}

  public ListedGrants allow(String caller, String action) {
    grants.add(new Grant(SpiffeId.parse(caller), action));
    return this;
  }

  public void revoke(String caller, String action) {
    grants.remove(new Grant(SpiffeId.parse(caller), action));
  }

  /** From now on nobody decides, for this reason; an empty one ends that. */
  public void silent(String fault) {
    silence = fault;
  }

  /** From now on permits may be used again. */
  public void reusableFor(Duration time) {
    reusableFor = time;
  }

  /** What it was asked with an earlier permit at hand. */
  public List<PolicyInput> askedWhetherStill() {
    return List.copyOf(askedWhetherStill);
  }

  /** What it was asked last. */
  public PolicyInput lastAsked() {
    return lastAsked.get();
  }

  /** All that it was asked. */
  public List<PolicyInput> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Decision decide(PolicyInput input) {
    lastAsked.set(input);
    asked.add(input);
    if (!silence.isEmpty()) {
      return new Unavailable(DecisionId.next(), silence, "as the test says");
    }
    Grant asked = new Grant(input.caller(), input.call().action());
    return grants.contains(asked)
        ? new Permit(DecisionId.next(), "r1", "listed", null, reusableFor)
        : new Denied(DecisionId.next(), "r1", "listed", "not_granted");
  }

  @Override
  public Optional<Decision> decideUnlessStill(String earlier, PolicyInput input) {
    askedWhetherStill.add(input);
    return PolicyEngine.super.decideUnlessStill(earlier, input);
  }

  @Override
  public String revision() {
    return "r1";
  }

  @Override
  public void close() {}
}
