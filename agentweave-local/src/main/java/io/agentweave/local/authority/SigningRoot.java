package io.agentweave.local.authority;

import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * One self-signed authority of a trust domain and its key, which never leaves this object. Its
 * certificates keep the X.509-SVID profile (X509-SVID sections 2 to 4).
 */
final class SigningRoot {
  /** How far certificates reach back, so that a peer whose clock is a little behind takes them. */
  static final Duration BACKDATED = Duration.ofSeconds(10);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;

  private SigningRoot(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  static SigningRoot create(TrustDomain trustDomain, Instant now, Duration lifetime) {
    KeyPair pair = newKeyPair();
    BigInteger serial = newSerial();
    // Two authorities of one domain must differ by name, or a path builder may try the wrong one.
    X500Principal name =
        new X500Principal("O=AgentWeave local mesh,CN=" + trustDomain + " " + serial.toString(16));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, serial, from(now), Date.from(now.plus(lifetime)), name, pair.getPublic());
    try {
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(pair.getPublic()))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(
                  new GeneralName(
                      GeneralName.uniformResourceIdentifier, "spiffe://" + trustDomain)));
      return new SigningRoot(sign(builder, pair.getPrivate()), pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException impossible) {
      throw new IllegalStateException("could not make an authority", impossible);
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** Issues an SVID that ends when this authority does, if that is earlier than asked for. */
  IssuedSvid issue(SpiffeId spiffeId, List<String> dnsNames, Instant now, Duration lifetime) {
    KeyPair pair = newKeyPair();
    Instant wanted = now.plus(lifetime);
    Instant last = certificate.getNotAfter().toInstant();
    Date end = Date.from(wanted.isBefore(last) ? wanted : last);

    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId.toString()));
    dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            newSerial(),
            from(now),
            end,
            new X500Principal("O=AgentWeave local mesh,CN=workload"),
            pair.getPublic());
    try {
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(pair.getPublic()))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(names.toArray(GeneralName[]::new)));
      return new IssuedSvid(spiffeId, List.of(sign(builder, key)), pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException impossible) {
      throw new IllegalStateException("could not issue an SVID for " + spiffeId, impossible);
    }
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static Date from(Instant now) {
    return Date.from(now.minus(BACKDATED));
  }

  private static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this JDK has no P-256", impossible);
    }
  }

  private static BigInteger newSerial() {
    // Positive, and never zero (RFC 5280 section 4.1.2.2).
    return new BigInteger(127, RANDOM).setBit(126);
  }
}
