package io.agentweave.identity;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Opens identity sources. Each comes back with its first snapshot, or not at all. */
public final class IdentitySources {
  /** How often PEM files are looked at. */
  private static final Duration REREAD = Duration.ofSeconds(1);

  private IdentitySources() {}

  /**
   * Prepares in the background what the first SVID and the first connection of a process take. For
   * programs that go on to open a source, as early as they can.
   */
  public static void warmUp() {
    CryptoWarmUp.start();
  }

  /**
   * Watches a SPIFFE Workload API, for as long as the source is open: a stream that ends is opened
   * again.
   *
   * @throws IdentityUnavailableException when there is no usable SVID within the startup timeout,
   *     or at once when the SVIDs offered are not the expected one
   */
  public static IdentitySource fromWorkloadApi(WorkloadApiSettings settings) {
    return SpiffeIdentitySource.open(
        settings, SpiffeIdentitySource.Timing.USUAL, InstantSource.system());
  }

  /**
   * Reads PEM files, and reads them again when they change. For development only: who calls this
   * has made sure of that.
   *
   * @param expected the ID that the certificate must have, when given
   * @param allowedTrustDomains whose peers may be proven; only the own domain when empty
   * @throws IdentityUnavailableException when the files make no usable SVID
   */
  public static IdentitySource fromPemFiles(
      PemFiles files, Optional<SpiffeId> expected, Set<TrustDomain> allowedTrustDomains) {
    return StaticIdentitySource.open(
        files, expected, allowedTrustDomains, REREAD, InstantSource.system());
  }
}
