package io.agentweave.authz;

import io.agentweave.identity.SpiffeId;
import java.util.List;

/**
 * Who may call a capability at all, before policy is asked: any peer that one of the patterns
 * matches. Without patterns, any proven peer.
 */
public record PeerRequirement(List<PeerPattern> anyOf) {
  private static final PeerRequirement ANY_PROVEN_PEER = new PeerRequirement(List.of());

  public PeerRequirement {
    anyOf = List.copyOf(anyOf);
  }

  /** Leaves the question to policy alone. */
  public static PeerRequirement anyProvenPeer() {
    return ANY_PROVEN_PEER;
  }

  public boolean isMetBy(SpiffeId peer) {
    for (PeerPattern pattern : anyOf) {
      if (pattern.matches(peer)) {
        return true;
      }
    }
    return anyOf.isEmpty();
  }
}
