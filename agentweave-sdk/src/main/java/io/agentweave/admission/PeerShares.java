package io.agentweave.admission;

import io.agentweave.identity.SpiffeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many places each peer holds. Knows only peers that hold one, so it can't outgrow the agent.
 */
final class PeerShares {
  private final int share;
  private final Map<SpiffeId, Integer> held = new ConcurrentHashMap<>();

  PeerShares(int share) {
    this.share = share;
  }

  boolean take(SpiffeId peer) {
    boolean[] taken = new boolean[1];
    held.compute(
        peer,
        (id, count) -> {
          int before = count == null ? 0 : count;
          taken[0] = before < share;
          return taken[0] ? before + 1 : before;
        });
    return taken[0];
  }

  void giveBack(SpiffeId peer) {
    held.compute(peer, (id, count) -> count == null || count == 1 ? null : count - 1);
  }

  int peers() {
    return held.size();
  }
}
