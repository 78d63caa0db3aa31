package io.agentweave.local.authority;

import io.agentweave.identity.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * An X.509-SVID together with its private key.
 *
 * @param chain leaf first, the root not among them
 */
public record IssuedSvid(SpiffeId spiffeId, List<X509Certificate> chain, PrivateKey key) {

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** Serial number of the leaf, in lower-case hex. */
  public String serial() {
    return leaf().getSerialNumber().toString(16).toLowerCase(Locale.ROOT);
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** Names the SVID and not its key. */
  @Override
  public String toString() {
    return spiffeId + " (SVID " + serial() + ")";
  }
}
