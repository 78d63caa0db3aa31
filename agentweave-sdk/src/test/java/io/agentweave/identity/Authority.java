package io.agentweave.identity;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate authority of a test: root or intermediate.
 *
 * @param chain what a leaf of it has to present above itself; empty for a root
 */
public record Authority(X509Certificate certificate, KeyPair keys, List<X509Certificate> chain) {

  /** A new root authority. */
  public static Authority root(String name) {
    return SvidMint.authority(name).selfSigned();
  }
}
