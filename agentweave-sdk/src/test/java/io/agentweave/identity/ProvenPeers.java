package io.agentweave.identity;

import java.time.Instant;

/** Peers that count as proven, for tests of what comes after the proof. */
public final class ProvenPeers {
  private ProvenPeers() {}

  public static PeerIdentity peer(String spiffeId, String svidSerial) {
    return new PeerIdentity(SpiffeId.parse(spiffeId), svidSerial, Instant.MAX, 1);
  }
}
