package io.agentweave.audit;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Signs the audit log's checkpoints in the agent's name. */
@FunctionalInterface
public interface AuditSigner {

  /**
   * Signs with the key of the returned certificate, {@code SHA256withECDSA} or {@code
   * SHA256withRSA}.
   *
   * @throws IllegalStateException when there is no key to sign with at this moment
   */
  Signed sign(byte[] message);

  /** Signs with whichever SVID the source has at that moment. */
  static AuditSigner with(IdentitySource source) {
    return message -> {
      IdentitySnapshot snapshot = source.current();
      snapshot
          .unusableBecause()
          .ifPresent(
              why -> {
                throw new IllegalStateException(why);
              });
      String signature = Base64.getEncoder().encodeToString(snapshot.sign(message));
      return new Signed(signature, snapshot.certificates());
    };
  }

  /**
   * A signature together with the certificate that it can be checked with.
   *
   * @param signature base64
   * @param certificates leaf first
   */
  record Signed(String signature, List<X509Certificate> certificates) {}
}
