package io.agentweave.local.authority;

import io.agentweave.identity.SpiffeId;
import java.util.Optional;

/** Says which identity a process is entitled to. Safe for use by many threads. */
@FunctionalInterface
public interface Attestor {

  /** The identity of {@code peer} at this moment; empty when it has none. */
  Optional<SpiffeId> attest(PeerProcess peer);

  /**
   * Attests everybody as {@code spiffeId}. For tests that play several agents in one process, on a
   * socket that nobody else can reach.
   */
  static Attestor insecureEverybodyIs(SpiffeId spiffeId) {
    return peer -> Optional.of(spiffeId);
  }
}
