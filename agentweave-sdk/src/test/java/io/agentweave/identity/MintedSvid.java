package io.agentweave.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * An SVID of a test, good or bad.
 *
 * @param chain leaf first
 */
public record MintedSvid(List<X509Certificate> chain, PrivateKey key) {
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** The same leaf, with other certificates above it. */
  public MintedSvid withAbove(X509Certificate... above) {
    List<X509Certificate> other = new ArrayList<>(List.of(leaf()));
    other.addAll(List.of(above));
    return new MintedSvid(other, key);
  }
}
