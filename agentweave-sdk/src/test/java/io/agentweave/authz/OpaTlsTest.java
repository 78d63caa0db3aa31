package io.agentweave.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OPA behind https: proven by the named authorities and by no others. */
class OpaTlsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @TempDir Path folder;

  @Test
  void anEndpointOfTheNamedAuthority_isAsked() throws Exception {
    Identity opa = Identity.named("127.0.0.1");

    assertThat(decisionOf(opa, opa.writtenTo(folder.resolve("ca.pem")))).isInstanceOf(Permit.class);
  }

  @Test
  void anEndpointOfAnotherAuthority_isNotAsked() throws Exception {
    Path other = Identity.named("127.0.0.1").writtenTo(folder.resolve("ca.pem"));

    assertThat(decisionOf(Identity.named("127.0.0.1"), other))
        .isInstanceOfSatisfying(Unavailable.class, u -> assertThat(u.fault()).isEqualTo("tls"));
  }

  @Test
  void anEndpointOfAnotherName_isNotAsked() throws Exception {
    Identity elsewhere = Identity.named("127.0.0.2");

    assertThat(decisionOf(elsewhere, elsewhere.writtenTo(folder.resolve("ca.pem"))))
        .isInstanceOfSatisfying(Unavailable.class, u -> assertThat(u.fault()).isEqualTo("tls"));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAuthorityFileThatCannotBeUsed_isRefusedAtTheStart() throws Exception {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");

    Path pipe = folder.resolve("pipe.pem");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();

    for (Path file : new Path[] {missing, empty, nonsense, pipe}) {
      assertThatThrownBy(() -> Authorization.opaEngine("https://localhost", "a", TIMEOUT, file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void authoritiesForAPlainEndpoint_areAMistake() throws Exception {
    Path ca = Identity.named("127.0.0.1").writtenTo(folder.resolve("ca.pem"));

    assertThatThrownBy(() -> Authorization.opaEngine("http://localhost", "a", TIMEOUT, ca))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only for an https OPA endpoint");
  }

  private static Decision decisionOf(Identity opa, Path authorities) throws Exception {
    try (var server = new MockWebServer()) {
      server.useHttps(opa.context().getSocketFactory());
      server.start(InetAddress.getLoopbackAddress(), 0);
      server.enqueue(
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body("{\"result\": true}")
              .build());
      String endpoint = "https://127.0.0.1:" + server.getPort();
      try (var engine = Authorization.opaEngine(endpoint, "a/b", TIMEOUT, authorities)) {
        return engine.decide(Questions.granted());
      }
    }
  }

  /** A self-signed server certificate for one address. */
  private record Identity(X509Certificate certificate, KeyPair keys) {

    static Identity named(String address) throws Exception {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      X500Principal name = new X500Principal("CN=opa");
      Instant now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(now.minusSeconds(60)),
              Date.from(now.plusSeconds(600)),
              name,
              keys.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
      return new Identity(
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))),
          keys);
    }

    SSLContext context() throws Exception {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("opa", keys.getPrivate(), new char[0], new Certificate[] {certificate});
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    }

    Path writtenTo(Path file) throws Exception {
      return Files.writeString(
          file,
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
              + "\n-----END CERTIFICATE-----\n");
    }
  }
}
