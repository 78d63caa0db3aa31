package io.agentweave.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a leaf X.509-SVID may be and do (X509-SVID sections 2, 4.1 to 4.4), as JSSE never asks. */
final class LeafProfile {
  private static final int URI = 6;
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  // Positions in X509Certificate.getKeyUsage(), RFC 5280 section 4.2.1.3.
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  private LeafProfile() {}

  /** The URI SANs; names of other kinds may stand beside them and do not count. */
  static List<String> uriNames(X509Certificate leaf) throws CertificateParsingException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names == null) {
      // The JDK reports a non-critical extension that it cannot parse as absent.
      if (leaf.getExtensionValue(SUBJECT_ALTERNATIVE_NAME) != null) {
        throw new CertificateParsingException("subject alternative names that cannot be parsed");
      }
      return List.of();
    }
    return names.stream()
        .filter(name -> Integer.valueOf(URI).equals(name.get(0)))
        .map(name -> String.valueOf(name.get(1)))
        .toList();
  }

  /** The first rule that the leaf breaks. */
  static Optional<Rejected> broken(X509Certificate leaf) {
    if (leaf.getBasicConstraints() != -1) {
      return Optional.of(new Rejected(SvidRule.LEAF_IS_CA, "the leaf has CA:TRUE"));
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE]) {
      return keyUsage("the leaf lacks key usage digitalSignature");
    }
    if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
      return keyUsage("the leaf has key usage keyCertSign or cRLSign");
    }
    try {
      List<String> extended = leaf.getExtendedKeyUsage();
      if (extended != null && !extended.containsAll(List.of(SERVER_AUTH, CLIENT_AUTH))) {
        return extendedKeyUsage("the leaf's extended key usage lacks serverAuth or clientAuth");
      }
    } catch (CertificateParsingException e) {
      return extendedKeyUsage("the leaf's extended key usage cannot be parsed");
    }
    return Optional.empty();
  }

  private static Optional<Rejected> keyUsage(String detail) {
    return Optional.of(new Rejected(SvidRule.KEY_USAGE, detail));
  }

  private static Optional<Rejected> extendedKeyUsage(String detail) {
    return Optional.of(new Rejected(SvidRule.EXTENDED_KEY_USAGE, detail));
  }
}
