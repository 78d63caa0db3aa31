package io.agentweave.identity;

import java.util.Optional;
import java.util.Set;

/** Opens identity sources. Each comes back with its first snapshot, or not at all. */
public final class IdentitySources {
  private IdentitySources() {}

  /**
   * Watches a SPIFFE Workload API, for as long as the source is open: a stream that ends is opened
   * again.
   *
   * @throws IdentityUnavailableException when there is no usable SVID within the startup timeout,
   *     or at once when the SVIDs offered are not the expected one
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static IdentitySource fromWorkloadApi(WorkloadApiSettings settings) {
    throw new UnsupportedOperationException(settings.toString());
  }

  /**
   * Reads PEM files, and reads them again when they change. For development only: who calls this
   * has made sure of that.
   *
   * @param expected the ID that the certificate must have, when given
   * @param allowedTrustDomains whose peers may be proven; only the own domain when empty
   * @throws IdentityUnavailableException when the files make no usable SVID
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static IdentitySource fromPemFiles(
      PemFiles files, Optional<SpiffeId> expected, Set<TrustDomain> allowedTrustDomains) {
    throw new UnsupportedOperationException(files.toString() + expected + allowedTrustDomains);
  }
}
