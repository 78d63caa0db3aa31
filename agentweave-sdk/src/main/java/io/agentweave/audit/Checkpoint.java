package io.agentweave.audit;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The agent's signature, with its SVID key, over the whole log up to and including one record.
 *
 * @param signedSequence the last record that it covers: the one before the checkpoint's own
 * @param signedHash that record's hash, lower-case hex
 * @param signature base64, over {@link #message}
 * @param certificates of the SVID that signed, leaf first
 */
public record Checkpoint(
    long signedSequence, String signedHash, String signature, List<X509Certificate> certificates)
    implements AuditEntry {

  public Checkpoint {
    certificates = List.copyOf(certificates);
  }

  /** The bytes that are signed. They name their purpose, so that they are nothing else's. */
  static byte[] message(String agent, long sequence, String hash) {
    return ("agentweave audit checkpoint\n" + agent + "\n" + sequence + "\n" + hash + "\n")
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
