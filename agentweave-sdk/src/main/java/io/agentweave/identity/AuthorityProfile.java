package io.agentweave.identity;

import java.io.IOException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a certificate that stands above a leaf has to say of itself (X509-SVID section 4.3, RFC 5280
 * sections 4.2.1.3 and 4.2.1.10). The JDK takes an extension that it cannot read for absent, unless
 * it is critical, and would then hold nobody to it.
 */
final class AuthorityProfile {
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String NAME_CONSTRAINTS = "2.5.29.30";

  /** Position in X509Certificate.getKeyUsage(). */
  private static final int KEY_CERT_SIGN = 5;

  private AuthorityProfile() {}

  /** The first rule that the authority breaks. */
  static Optional<Rejected> broken(X509Certificate authority) {
    boolean[] usage = authority.getKeyUsage();
    if (usage == null && authority.getExtensionValue(KEY_USAGE) != null) {
      return untrusted("an authority's key usage cannot be parsed");
    }
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      return untrusted("an authority lacks key usage keyCertSign");
    }
    return hasReadableConstraints(authority)
        ? Optional.empty()
        : untrusted("an authority's name constraints cannot be parsed");
  }

  /** Whether names below it are limited. */
  static boolean constrainsNames(X509Certificate authority) {
    return authority.getExtensionValue(NAME_CONSTRAINTS) != null;
  }

  private static boolean hasReadableConstraints(X509Certificate authority) {
    byte[] wrapped = authority.getExtensionValue(NAME_CONSTRAINTS);
    if (wrapped == null) {
      return true;
    }
    try {
      new X509CertSelector().setNameConstraints(contentOfOctetString(wrapped));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Of DER (X.690 section 8.1.3): a tag, a length of one or more bytes, the content. */
  private static byte[] contentOfOctetString(byte[] der) {
    int length = der[1] & 0xff;
    int header = length < 0x80 ? 2 : 2 + (length & 0x7f);
    return Arrays.copyOfRange(der, header, der.length);
  }

  private static Optional<Rejected> untrusted(String detail) {
    return Optional.of(new Rejected(SvidRule.UNTRUSTED_PATH, detail));
  }
}
