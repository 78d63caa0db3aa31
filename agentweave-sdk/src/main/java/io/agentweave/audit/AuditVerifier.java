package io.agentweave.audit;

import io.agentweave.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;

/** Checks an audit log from its files alone. */
public final class AuditVerifier {
  private AuditVerifier() {}

  /** Checks what the files say about themselves. */
  public static AuditVerifier selfContained() {
    return new AuditVerifier();
  }

  /** Also asks that this agent wrote the log. */
  public AuditVerifier expectAgent(SpiffeId agent) {
    throw new UnsupportedOperationException(agent.toString());
  }

  /** Also asks that each checkpoint's certificate was issued under one of these. */
  public AuditVerifier expectAuthorities(Collection<X509Certificate> authorities) {
    throw new UnsupportedOperationException(authorities.toString());
  }

  /** Checks a directory, or one file of it. Throws only when it can't be read. */
  public AuditVerification verify(Path directoryOrFile) throws IOException {
    throw new UnsupportedOperationException(directoryOrFile.toString());
  }
}
