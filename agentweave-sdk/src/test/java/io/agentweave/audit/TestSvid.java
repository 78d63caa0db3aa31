package io.agentweave.audit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority, and signers with SVIDs from it. */
final class TestSvid {
  private final KeyPair authorityKey = newKey();
  private final X509Certificate authority = selfSigned(authorityKey);

  X509Certificate authority() {
    return authority;
  }

  AuditSigner signer(String spiffeId) {
    return signer(spiffeId, Instant.now().minusSeconds(60), Instant.now().plusSeconds(3600));
  }

  AuditSigner signer(String spiffeId, Instant from, Instant to) {
    KeyPair key = newKey();
    X509Certificate leaf = leaf(spiffeId, key, from, to);
    return message -> {
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(message);
        return new AuditSigner.Signed(
            Base64.getEncoder().encodeToString(signature.sign()), List.of(leaf));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private X509Certificate leaf(String spiffeId, KeyPair key, Instant from, Instant to) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              authority,
              BigInteger.TWO,
              Date.from(from),
              Date.from(to),
              new X500Principal(""),
              key.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          true,
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId)));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate selfSigned(KeyPair key) {
    try {
      X500Principal name = new X500Principal("O=test authority");
      Instant now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(now.minus(1, ChronoUnit.DAYS)),
              Date.from(now.plus(1, ChronoUnit.DAYS)),
              name,
              key.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
