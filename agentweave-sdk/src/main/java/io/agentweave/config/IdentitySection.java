package io.agentweave.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * {@code identity}: how the agent proves who it is.
 *
 * @param provider {@code spiffe}, or {@code static} outside production
 * @param spiffeEndpoint the Workload API, {@code unix:///path} or {@code tcp://host:port}; {@code
 *     SPIFFE_ENDPOINT_SOCKET} stands in for an absent key
 * @param allowedTrustDomains whose peers may be talked to, the own domain unless said otherwise;
 *     enforced on both sides
 * @param startupTimeout {@code startup_timeout_seconds}: how long to wait for the first SVID
 * @param staticFiles {@code static}: the PEM files of provider {@code static}
 */
public record IdentitySection(
    @Default("spiffe") Provider provider,
    @Default(value = "unix:///run/spire/sockets/agent.sock", variable = "SPIFFE_ENDPOINT_SOCKET")
        @Pattern(regexp = "(unix://|tcp://).+", message = "must start with unix:// or tcp://")
        String spiffeEndpoint,
    @Default("[]")
        List<@Pattern(regexp = "[a-z0-9._-]{1,255}", message = "must be a trust domain") String>
            allowedTrustDomains,
    @Default("30") @DurationMin(millis = 1, message = "must be more than 0")
        Duration startupTimeout,
    @Key("static") Optional<@Valid StaticFiles> staticFiles) {

  /** The same, with {@code own} as the allowed trust domain where none is named. */
  IdentitySection allowing(String own) {
    return allowedTrustDomains.isEmpty()
        ? new IdentitySection(provider, spiffeEndpoint, List.of(own), startupTimeout, staticFiles)
        : this;
  }

  /** Where SVIDs come from. */
  public enum Provider {
    SPIFFE,
    STATIC
  }

  /**
   * PEM files, for development without a Workload API. They are read again when they change.
   *
   * @param certificate the SVID with its intermediates, leaf first
   * @param key its PKCS #8 key
   * @param bundle the authorities of the own trust domain
   */
  public record StaticFiles(Path certificate, Path key, Path bundle) {}
}
