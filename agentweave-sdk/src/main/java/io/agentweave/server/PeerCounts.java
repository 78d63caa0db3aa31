package io.agentweave.server;

import io.agentweave.identity.SpiffeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many of something each peer has, up to a limit. Knows only peers that have one. */
final class PeerCounts {
  private final int limit;
  private final Map<SpiffeId, Integer> held = new ConcurrentHashMap<>();

  PeerCounts(int limit) {
    this.limit = limit;
  }

  int limit() {
    return limit;
  }

  /** False, and nothing is taken, when the peer has its limit. */
  boolean take(SpiffeId peer) {
    boolean[] taken = new boolean[1];
    held.compute(
        peer,
        (id, count) -> {
          int before = count == null ? 0 : count;
          taken[0] = before < limit;
          return taken[0] ? before + 1 : before;
        });
    return taken[0];
  }

  void giveBack(SpiffeId peer) {
    held.computeIfPresent(peer, (id, count) -> count == 1 ? null : count - 1);
  }

  int peers() {
    return held.size();
  }
}
