package io.agentweave.authz;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A policy engine for tests: permits the listed actions, and is silent on demand. */
public final class ListedPolicy implements PolicyEngine {
  private final Set<String> permitted = ConcurrentHashMap.newKeySet();
  private final List<PolicyInput> asked = new CopyOnWriteArrayList<>();
  private volatile boolean silent;

  public ListedPolicy(String... actions) {
    permitted.addAll(Set.of(actions));
  }

  public void permit(String action) {
    permitted.add(action);
  }

  public void revoke(String action) {
    permitted.remove(action);
  }

  public void silent(boolean now) {
    silent = now;
  }

  /** All questions so far. */
  public List<PolicyInput> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Decision decide(PolicyInput input) {
    asked.add(input);
    String id = DecisionId.next();
    if (silent) {
      return new Unavailable(id, "timeout", "the test's engine is silent");
    }
    return permitted.contains(input.call().action())
        ? new Permit(id, revision(), "test/" + input.call().action(), null, Duration.ZERO)
        : new Denied(id, revision(), "", "not_granted");
  }

  @Override
  public String revision() {
    return "listed-" + permitted.hashCode();
  }

  @Override
  public void close() {}
}
