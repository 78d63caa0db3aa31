package io.agentweave.identity;

import java.time.Instant;

/**
 * Proof that the other end of a TLS session is who it says: its X.509-SVID was verified against a
 * snapshot. Only {@link IdentitySnapshot#verify} makes one.
 *
 * <p>A proof is about one snapshot. When the snapshot changes, or {@link #notAfter} passes, the
 * peer has to be verified again.
 */
public final class PeerIdentity implements Verification {
  private final SpiffeId spiffeId;
  private final String svidSerial;
  private final Instant notAfter;
  private final long snapshotGeneration;

  PeerIdentity(SpiffeId spiffeId, String svidSerial, Instant notAfter, long snapshotGeneration) {
    this.spiffeId = spiffeId;
    this.svidSerial = svidSerial;
    this.notAfter = notAfter;
    this.snapshotGeneration = snapshotGeneration;
  }

  public SpiffeId spiffeId() {
    return spiffeId;
  }

  /** Serial number of the peer's leaf certificate, in lower-case hex. */
  public String svidSerial() {
    return svidSerial;
  }

  /** From this moment on a certificate of the verified path is no longer valid. */
  public Instant notAfter() {
    return notAfter;
  }

  /** The {@link IdentitySnapshot#generation} that this proof is about. */
  public long snapshotGeneration() {
    return snapshotGeneration;
  }

  @Override
  public String toString() {
    return spiffeId + " (SVID " + svidSerial + ")";
  }
}
