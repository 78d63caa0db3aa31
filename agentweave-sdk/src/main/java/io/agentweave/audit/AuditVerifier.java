package io.agentweave.audit;

import io.agentweave.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Checks an audit log from its files alone. */
public final class AuditVerifier {
  private final Optional<SpiffeId> agent;
  private final Set<X509Certificate> authorities;

  private AuditVerifier(Optional<SpiffeId> agent, Set<X509Certificate> authorities) {
    this.agent = agent;
    this.authorities = authorities;
  }

  /** Checks what the files say about themselves. */
  public static AuditVerifier selfContained() {
    return new AuditVerifier(Optional.empty(), Set.of());
  }

  /** Also asks that this agent wrote the log. */
  public AuditVerifier expectAgent(SpiffeId expected) {
    return new AuditVerifier(Optional.of(expected), authorities);
  }

  /** Also asks that each checkpoint's certificate was issued under one of these. */
  public AuditVerifier expectAuthorities(Collection<X509Certificate> expected) {
    return new AuditVerifier(agent, Set.copyOf(expected));
  }

  /** Checks a directory, or one file of it. Throws only when it can't be read. */
  public AuditVerification verify(Path directoryOrFile) throws IOException {
    return new AuditVerification.Broken(
        directoryOrFile.toString(), 0, 0, agent + " " + authorities.size());
  }
}
