package io.agentweave.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes certificates for tests: proper ones unless told otherwise, so that a bad one differs from
 * its good twin in one line.
 */
public final class SvidMint {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final GeneralName OTHER_NAME =
      new GeneralName(
          GeneralName.otherName,
          new DERSequence(
              new ASN1Encodable[] {
                new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.3"),
                new DERTaggedObject(true, 0, DERNull.INSTANCE)
              }));

  private String subject;
  private final List<GeneralName> names = new ArrayList<>();
  private @Nullable BasicConstraints basicConstraints;
  private Optional<KeyUsage> keyUsage;
  private Optional<ASN1Encodable> extendedKeyUsage = Optional.empty();
  private Optional<NameConstraints> nameConstraints = Optional.empty();
  private final List<Other> extensions = new ArrayList<>();
  private Instant notBefore = Instant.now().minus(Duration.ofMinutes(5));
  private Instant notAfter = Instant.now().plus(Duration.ofHours(1));
  private Optional<KeyPair> keys = Optional.empty();
  private Optional<String> signature = Optional.empty();
  private Optional<PSSParameterSpec> pss = Optional.empty();

  private record Other(ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value) {}

  private SvidMint(String subject, KeyUsage keyUsage) {
    this.subject = subject;
    this.keyUsage = Optional.of(keyUsage);
  }

  /** A leaf of {@code id}, written into the certificate as it is. */
  public static SvidMint leaf(String id) {
    return new SvidMint("O=AgentWeave test", new KeyUsage(KeyUsage.digitalSignature))
        .ca(null)
        .extendedKeyUsage(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)
        .name(GeneralName.uniformResourceIdentifier, id);
  }

  /** An authority, root or intermediate. */
  public static SvidMint authority(String name) {
    return new SvidMint("CN=" + name, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
        .ca(new BasicConstraints(true));
  }

  public SvidMint subject(String name) {
    subject = name;
    return this;
  }

  /** Adds a subject alternative name, such as {@link GeneralName#dNSName}. */
  public SvidMint name(int kind, String value) {
    names.add(new GeneralName(kind, value));
    return this;
  }

  public SvidMint withoutNames() {
    names.clear();
    return this;
  }

  public SvidMint ca(@Nullable BasicConstraints constraints) {
    basicConstraints = constraints;
    return this;
  }

  /** Bits of {@link KeyUsage}; 0 leaves the extension out. */
  public SvidMint keyUsage(int bits) {
    keyUsage = bits == 0 ? Optional.empty() : Optional.of(new KeyUsage(bits));
    return this;
  }

  /** None leaves the extension out. */
  public SvidMint extendedKeyUsage(KeyPurposeId... purposes) {
    extendedKeyUsage =
        purposes.length == 0 ? Optional.empty() : Optional.of(new ExtendedKeyUsage(purposes));
    return this;
  }

  /** Adds a name of a kind of its own. */
  public SvidMint otherName() {
    names.add(OTHER_NAME);
    return this;
  }

  /** Permits no name of the kind that {@link #otherName} adds. */
  public SvidMint withoutOtherNames() {
    nameConstraints =
        Optional.of(
            new NameConstraints(
                new GeneralSubtree[0], new GeneralSubtree[] {new GeneralSubtree(OTHER_NAME)}));
    return this;
  }

  /** Adds an extension that says something else than one of its kind has to. */
  public SvidMint garbled(ASN1ObjectIdentifier kind) {
    return extension(kind, false, new DERSequence(new DEROctetString(new byte[] {1})));
  }

  /** Adds an extension as it is; of one kind there can be only one. */
  public SvidMint extension(ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value) {
    extensions.add(new Other(kind, critical, value));
    return this;
  }

  /** Permits URIs of this host only. */
  public SvidMint permittedHost(String host) {
    GeneralSubtree permitted =
        new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host));
    nameConstraints =
        Optional.of(new NameConstraints(new GeneralSubtree[] {permitted}, new GeneralSubtree[0]));
    return this;
  }

  /** Permits all but URIs of this host. */
  public SvidMint excludedHost(String host) {
    GeneralSubtree excluded =
        new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host));
    nameConstraints =
        Optional.of(new NameConstraints(new GeneralSubtree[0], new GeneralSubtree[] {excluded}));
    return this;
  }

  public SvidMint valid(Instant from, Instant until) {
    notBefore = from;
    notAfter = until;
    return this;
  }

  public SvidMint keys(KeyPair own) {
    keys = Optional.of(own);
    return this;
  }

  /** Signs with RSASSA-PSS over a digest such as {@code SHA-256}. */
  public SvidMint pss(String digest) {
    pss = Optional.of(new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), 20, 1));
    return signature("RSASSA-PSS");
  }

  /** The signature algorithm, such as {@code SHA1withRSA}. */
  public SvidMint signature(String algorithm) {
    signature = Optional.of(algorithm);
    return this;
  }

  /** Makes a leaf that {@code issuer} signs. */
  public MintedSvid by(Authority issuer) {
    KeyPair own = ownKeys();
    List<X509Certificate> chain =
        new ArrayList<>(List.of(build(own, issuer.certificate(), issuer.keys())));
    chain.addAll(issuer.chain());
    return new MintedSvid(List.copyOf(chain), own.getPrivate());
  }

  /** Makes an intermediate authority that {@code issuer} signs. */
  public Authority under(Authority issuer) {
    KeyPair own = ownKeys();
    X509Certificate certificate = build(own, issuer.certificate(), issuer.keys());
    List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
    chain.addAll(issuer.chain());
    return new Authority(certificate, own, List.copyOf(chain));
  }

  /** Makes a root authority, or a leaf that stands for itself. */
  public Authority selfSigned() {
    KeyPair own = ownKeys();
    return new Authority(build(own, null, own), own, List.of());
  }

  private KeyPair ownKeys() {
    return keys.orElseGet(() -> newKeys("EC", 256));
  }

  public static KeyPair newKeys(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate build(KeyPair own, @Nullable X509Certificate issuer, KeyPair issuerKeys) {
    try {
      X500Name subjectName = new X500Name(subject);
      // From the issuer's certificate itself: names that pass through X500Principal come out
      // reversed, and the path does not chain.
      X500Name issuerName =
          issuer == null ? subjectName : new JcaX509CertificateHolder(issuer).getSubject();
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              issuerName,
              new BigInteger(64, RANDOM).setBit(63),
              Date.from(notBefore),
              Date.from(notAfter),
              subjectName,
              SubjectPublicKeyInfo.getInstance(own.getPublic().getEncoded()));
      if (!names.isEmpty()) {
        add(builder, Extension.subjectAlternativeName, false, names());
      }
      if (basicConstraints != null) {
        add(builder, Extension.basicConstraints, true, basicConstraints);
      }
      if (keyUsage.isPresent()) {
        add(builder, Extension.keyUsage, true, keyUsage.get());
      }
      if (extendedKeyUsage.isPresent()) {
        add(builder, Extension.extendedKeyUsage, false, extendedKeyUsage.get());
      }
      if (nameConstraints.isPresent()) {
        add(builder, Extension.nameConstraints, true, nameConstraints.get());
      }
      for (Other other : extensions) {
        add(builder, other.kind(), other.critical(), other.value());
      }
      String algorithm = signature.orElseGet(() -> signatureFor(issuerKeys));
      byte[] encoded =
          builder.build(signerBuilder(algorithm).build(issuerKeys.getPrivate())).getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private JcaContentSignerBuilder signerBuilder(String algorithm) {
    // The JDK has these signatures under a name that the builder does not ask for.
    return pss.map(
            parameters ->
                new JcaContentSignerBuilder(algorithm, parameters)
                    .setProvider(new BouncyCastleProvider()))
        .orElseGet(() -> new JcaContentSignerBuilder(algorithm));
  }

  private GeneralNames names() {
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static void add(
      X509v3CertificateBuilder builder,
      ASN1ObjectIdentifier kind,
      boolean critical,
      ASN1Encodable value)
      throws IOException {
    builder.addExtension(kind, critical, value);
  }

  private static String signatureFor(KeyPair issuer) {
    return switch (issuer.getPrivate().getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case String other -> other;
    };
  }
}
