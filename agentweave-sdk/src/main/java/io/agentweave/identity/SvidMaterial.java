package io.agentweave.identity;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one identity is made of: an X.509-SVID, its key, and the bundles that came with it. Equal
 * when all of that is equal.
 *
 * @param chain leaf first, without the authority
 */
record SvidMaterial(
    SpiffeId spiffeId,
    List<X509Certificate> chain,
    PrivateKey key,
    Map<TrustDomain, Set<X509Certificate>> bundles) {

  /**
   * Puts the parts together. The key has to belong to the leaf and the leaf has to keep the SVID
   * rules; whether it is valid now, and whether the bundle still stands behind it, is left open: a
   * bundle that drops an authority has to take effect even before the own SVID is renewed.
   */
  static SvidMaterial of(
      List<X509Certificate> chain, PrivateKey key, Map<TrustDomain, Set<X509Certificate>> bundles)
      throws GeneralSecurityException {
    if (chain.isEmpty()) {
      throw new CertificateException("the SVID has no certificate");
    }
    X509Certificate leaf = chain.getFirst();
    List<String> names = LeafProfile.uriNames(leaf);
    if (names.size() != 1) {
      throw new CertificateException("the SVID has " + names.size() + " URI SANs, not one");
    }
    Optional<Rejected> broken = LeafProfile.broken(leaf).or(() -> KeyStrength.brokenKey(leaf));
    if (broken.isPresent()) {
      throw new CertificateException("the SVID breaks a rule: " + broken.get().detail());
    }
    byte[] probe = leaf.getEncoded();
    Signature check = Signature.getInstance(signatureAlgorithm(key));
    check.initVerify(leaf.getPublicKey());
    check.update(probe);
    if (!check.verify(sign(key, probe))) {
      throw new CertificateException("the private key does not belong to the SVID");
    }
    return new SvidMaterial(
        spiffeId(names.getFirst()), List.copyOf(chain), key, Map.copyOf(bundles));
  }

  private static SpiffeId spiffeId(String name) throws CertificateException {
    try {
      return SpiffeId.parse(name);
    } catch (IllegalArgumentException e) {
      throw new CertificateException("the SVID's URI SAN: " + e.getMessage(), e);
    }
  }

  /** Why the bundle of the own domain does not stand behind the SVID, when it does not. */
  Optional<Rejected> pathProblem() {
    Instant from = leaf().getNotBefore().toInstant();
    Instant midLife =
        from.plus(Duration.between(from, leaf().getNotAfter().toInstant()).dividedBy(2));
    return switch (new SvidVerifier(bundles, bundles.keySet(), 0).verify(chain, midLife)) {
      case PeerIdentity _ -> Optional.empty();
      case Rejected rejected -> Optional.of(rejected);
    };
  }

  /** Reads certificates, PEM or concatenated DER. */
  static List<X509Certificate> certificates(byte[] encoded) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(encoded))) {
      certificates.add((X509Certificate) certificate);
    }
    return certificates;
  }

  /** Reads a PKCS #8 key for {@code leaf}. */
  static PrivateKey key(byte[] pkcs8, X509Certificate leaf) throws GeneralSecurityException {
    return KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }

  byte[] sign(byte[] message) throws GeneralSecurityException {
    return sign(key, message);
  }

  private static byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(signatureAlgorithm(key));
    signature.initSign(key);
    signature.update(message);
    return signature.sign();
  }

  private static String signatureAlgorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      case String other -> other;
    };
  }

  /** Names the identity; never shows the key. */
  @Override
  public String toString() {
    return spiffeId + " (SVID " + SvidVerifier.serial(leaf()) + ")";
  }
}
