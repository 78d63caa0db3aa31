package io.agentweave.client;

import io.agentweave.identity.SpiffeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The circuits to all targets that were ever called. Safe for use by many threads. */
final class Breakers {
  private final Map<SpiffeId, TargetBreaker> byTarget = new ConcurrentHashMap<>();
  private final Function<SpiffeId, TargetBreaker> make;

  Breakers(Function<SpiffeId, TargetBreaker> make) {
    this.make = make;
  }

  TargetBreaker of(SpiffeId target) {
    return byTarget.computeIfAbsent(target, make);
  }

  /** How many targets are not called for a while. */
  long open() {
    return byTarget.values().stream().filter(TargetBreaker::isOpen).count();
  }
}
