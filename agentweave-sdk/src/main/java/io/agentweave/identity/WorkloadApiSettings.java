package io.agentweave.identity;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where and how to ask for SVIDs.
 *
 * @param endpoint {@code unix:///path} or {@code tcp://host:port} (SPIFFE Workload Endpoint,
 *     section 4)
 * @param expected which SVID to take; the first one offered when empty
 * @param allowedTrustDomains whose peers may be proven; only the own domain when empty
 * @param startupTimeout how long to wait for the first SVID
 */
public record WorkloadApiSettings(
    URI endpoint,
    Optional<SpiffeId> expected,
    Set<TrustDomain> allowedTrustDomains,
    Duration startupTimeout) {

  /** Throws {@link IllegalArgumentException} when the endpoint is of neither form. */
  public WorkloadApiSettings {
    allowedTrustDomains = Set.copyOf(allowedTrustDomains);
    String scheme = endpoint.getScheme();
    boolean unix =
        "unix".equals(scheme)
            && endpoint.getRawAuthority() == null
            && endpoint.getPath() != null
            && endpoint.getPath().length() > 1;
    boolean tcp =
        "tcp".equals(scheme)
            && endpoint.getHost() != null
            && endpoint.getPort() > 0
            && endpoint.getRawPath().isEmpty();
    if ((!unix && !tcp) || endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a Workload API endpoint is unix:///path or tcp://host:port, found " + endpoint);
    }
  }
}
