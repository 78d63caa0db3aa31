package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PEM files: what cannot be used is named, what changes is read again. */
final class StaticIdentitySourceTest {
  private final Authority home = Authority.root("home");
  private final MintedSvid first = SvidMint.leaf(SvidVectors.ID).by(home);
  private final MintedSvid second = SvidMint.leaf(SvidVectors.ID).by(home);

  @TempDir private Path directory;
  private PemFiles files = new PemFiles(Path.of("a"), Path.of("b"), Path.of("c"));

  @BeforeEach
  void write() throws IOException {
    files =
        new PemFiles(
            directory.resolve("svid.pem"),
            directory.resolve("key.pem"),
            directory.resolve("bundle.pem"));
    write(first);
    Files.writeString(files.bundle(), pem(List.of(home.certificate())));
  }

  private void write(MintedSvid svid) throws IOException {
    Files.writeString(files.certificate(), "a comment\n" + pem(svid.chain()));
    Files.writeString(files.key(), block("PRIVATE KEY", svid.key().getEncoded()));
  }

  private static String pem(List<X509Certificate> certificates) {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        pem.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException(e);
      }
    }
    return pem.toString();
  }

  private static String block(String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private IdentitySource open() {
    return StaticIdentitySource.open(
        files,
        Optional.of(SpiffeId.parse(SvidVectors.ID)),
        Set.of(),
        Duration.ofMillis(20),
        InstantSource.system());
  }

  private void refusesToStart(String... words) {
    assertThatThrownBy(this::open)
        .isInstanceOf(IdentityUnavailableException.class)
        .message()
        .contains(words)
        .doesNotContain(
            Base64.getEncoder().encodeToString(first.key().getEncoded()).substring(0, 30));
  }

  @Test
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfAFile_isNamed_andNobodyWaitsForIt() throws Exception {
    for (Path file : List.of(files.certificate(), files.key(), files.bundle())) {
      write();
      Files.delete(file);
      new ProcessBuilder("mkfifo", file.toString()).start().waitFor();

      refusesToStart(file + " is not a plain file");
      Files.delete(file);
    }
  }

  @Test
  void missingFiles_areNamed() throws IOException {
    Files.delete(files.key());

    refusesToStart(files.key() + " does not exist");
  }

  @Test
  void aFileWithoutCertificates_isNamed() throws IOException {
    Files.writeString(files.bundle(), "nothing here");

    refusesToStart(files.bundle().toString());
  }

  @Test
  void aKeyOfAnotherForm_isNamedWithTheCure() throws IOException {
    Files.writeString(files.key(), block("EC PRIVATE KEY", new byte[] {1, 2, 3}));

    refusesToStart(files.key() + " holds no unencrypted PKCS #8 key", "openssl pkcs8");
  }

  @Test
  void aKeyOfAnotherCertificate_isRefused() throws IOException {
    Files.writeString(files.key(), block("PRIVATE KEY", second.key().getEncoded()));

    refusesToStart("the private key does not belong to the SVID");
  }

  @Test
  void aBundleThatDidNotIssueTheSvid_isRefused() throws IOException {
    Files.writeString(files.bundle(), pem(List.of(Authority.root("other").certificate())));

    refusesToStart(files.bundle() + " does not stand behind the SVID");
  }

  @Test
  void anotherAgentsSvid_isRefused_namingBoth() throws IOException {
    write(SvidMint.leaf("spiffe://agentweave.io/agent/storage").by(home));

    refusesToStart("spiffe://agentweave.io/agent/storage", "this agent is " + SvidVectors.ID);
  }

  @Test
  void anExpiredSvid_isRefused() throws IOException {
    Instant end = Instant.now().minusSeconds(1);
    write(SvidMint.leaf(SvidVectors.ID).valid(end.minusSeconds(9), end).by(home));

    refusesToStart("expired at");
  }

  @Test
  void theFiles_makeASnapshot_thatProvesPeers() {
    try (IdentitySource source = open()) {
      assertThat(source.current().spiffeId()).hasToString(SvidVectors.ID);
      assertThat(source.current().verify(second.chain())).isInstanceOf(PeerIdentity.class);
      assertThat(source.health().state()).isEqualTo(IdentityHealth.State.UP);
    }
  }

  @Test
  void aChangedSet_isReadAgain_butNeverHalfOfIt() throws IOException {
    try (IdentitySource source = open()) {
      Files.writeString(files.certificate(), pem(second.chain()));
      await()
          .untilAsserted(
              () -> assertThat(source.health().state()).isEqualTo(IdentityHealth.State.DEGRADED));
      assertThat(source.health().detail()).contains("the private key does not belong to the SVID");
      assertThat(source.current().generation()).isEqualTo(1);

      Files.writeString(files.key(), block("PRIVATE KEY", second.key().getEncoded()));
      await().untilAsserted(() -> assertThat(source.current().generation()).isEqualTo(2));
      assertThat(source.health().state()).isEqualTo(IdentityHealth.State.UP);
      assertThat(source.current().svidSerial())
          .isEqualTo(second.leaf().getSerialNumber().toString(16));
    }
  }

  @Test
  void aClosedSource_leavesNoThread() {
    open().close();

    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("agentweave-identity-files"));
  }
}
