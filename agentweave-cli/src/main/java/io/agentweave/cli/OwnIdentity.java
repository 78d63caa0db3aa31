package io.agentweave.cli;

import io.agentweave.config.IdentitySection;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.IdentityUnavailableException;
import io.agentweave.identity.TrustDomain;
import io.agentweave.identity.WorkloadApiSettings;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where this command's SVID comes from. It takes whichever the mesh gives it. */
final class OwnIdentity {
  private OwnIdentity() {}

  static IdentitySource open(IdentitySection section) {
    Set<TrustDomain> allowed =
        section.allowedTrustDomains().stream().map(TrustDomain::new).collect(Collectors.toSet());
    try {
      return switch (section.provider()) {
        case SPIFFE ->
            IdentitySources.fromWorkloadApi(
                new WorkloadApiSettings(
                    URI.create(section.spiffeEndpoint()),
                    Optional.empty(),
                    allowed,
                    section.startupTimeout()));
        case STATIC -> {
          IdentitySection.StaticFiles files = section.staticFiles().orElseThrow();
          yield IdentitySources.fromPemFiles(
              new io.agentweave.identity.PemFiles(files.certificate(), files.key(), files.bundle()),
              Optional.empty(),
              allowed);
        }
      };
    } catch (IdentityUnavailableException e) {
      throw new Failure(ExitCode.REFUSED, "no identity: " + e.getMessage(), e);
    }
  }
}
