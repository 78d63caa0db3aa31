package io.agentweave.identity;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys and signatures that are strong enough: RSA from 2048 bits, EC from 256, Ed25519 and
 * Ed448, signed over SHA-2 or SHA-3 of 256 bits or more. A list of what is allowed, so that what
 * nobody thought of is refused.
 */
final class KeyStrength {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MIN_EC_BITS = 256;
  private static final int MIN_DIGEST_BYTES = 32;
  private static final Pattern SIGNATURE =
      Pattern.compile("SHA(3-)?(256|384|512)with(RSA|ECDSA)|Ed25519|Ed448|EdDSA");

  private KeyStrength() {}

  /** What is weak about the certificate's own key or about the signature on it. */
  static Optional<Rejected> broken(X509Certificate certificate) {
    return brokenKey(certificate)
        .or(
            () ->
                strongSignature(certificate)
                    ? Optional.empty()
                    : weak("a signature made with " + certificate.getSigAlgName()));
  }

  /** What is weak about the certificate's own key; all that matters of a trust anchor. */
  static Optional<Rejected> brokenKey(X509Certificate certificate) {
    PublicKey key = certificate.getPublicKey();
    return switch (key) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() < MIN_RSA_BITS ->
          weak("an RSA key of " + rsa.getModulus().bitLength() + " bits");
      case ECPublicKey ec when ec.getParams().getOrder().bitLength() < MIN_EC_BITS ->
          weak("an EC key of " + ec.getParams().getOrder().bitLength() + " bits");
      case RSAPublicKey _, ECPublicKey _, EdECPublicKey _ -> Optional.empty();
      default -> weak("a key of kind " + key.getAlgorithm());
    };
  }

  private static boolean strongSignature(X509Certificate certificate) {
    String name = certificate.getSigAlgName();
    return name.equals("RSASSA-PSS")
        ? strongPss(certificate.getSigAlgParams())
        : SIGNATURE.matcher(name).matches();
  }

  /** Absent parameters mean SHA-1 (RFC 4055 section 3.1). */
  private static boolean strongPss(byte @Nullable [] encoded) {
    if (encoded == null) {
      return false;
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(encoded);
      String digest = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
      return MessageDigest.getInstance(digest).getDigestLength() >= MIN_DIGEST_BYTES;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private static Optional<Rejected> weak(String what) {
    return Optional.of(new Rejected(SvidRule.WEAK_KEY, "the path has " + what));
  }
}
