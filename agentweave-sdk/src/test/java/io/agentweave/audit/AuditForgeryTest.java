package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.audit.AuditVerification.Broken;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.identity.Authority;
import io.agentweave.identity.MintedSvid;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.SvidMint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs whose every record follows the one before, and which are not what was written. */
class AuditForgeryTest {
  private static final TestSvid SVID = new TestSvid();
  private static final AuditSigner AGENT = SVID.signer(Events.AGENT.toString());

  @TempDir Path real;
  @TempDir Path forged;

  @BeforeEach
  void writeBoth() throws IOException {
    write(real, AGENT);
    write(forged, AGENT);
  }

  private static void write(Path into, AuditSigner signer) throws IOException {
    AuditSettings settings =
        AuditSettings.of(into, Events.AGENT).withCheckpoints(1_000, Duration.ofHours(1));
    try (FileAuditLog log = FileAuditLog.open(settings, signer)) {
      for (int i = 0; i < 30; i++) {
        log.record(Events.decided(i));
      }
    }
  }

  @Test
  void aLogWrittenAnew_isNotTheOneThatHeadKnows() throws IOException {
    Files.copy(
        real.resolve(Head.NAME), forged.resolve(Head.NAME), StandardCopyOption.REPLACE_EXISTING);

    assertThat(AuditVerifier.selfContained().verify(forged))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.what()).isEqualTo("the record is not the one that HEAD knows"));
  }

  @Test
  void aLogWrittenAnewWithItsHead_isNotTheOneThatWasSeenBefore() throws IOException {
    Intact seen = (Intact) AuditVerifier.selfContained().verify(real);
    AuditVerifier remembering =
        AuditVerifier.selfContained().expectReached(seen.lastSequence(), seen.lastHash());

    assertThat(remembering.verify(real)).isInstanceOf(Intact.class);
    assertThat(remembering.verify(forged))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.what()).isEqualTo("the record is not the one that was expected"));
  }

  @Test
  void aCheckpointSignedWithAnotherKey_isFound(@TempDir Path other) throws IOException {
    AuditSigner mallory = SVID.signer(Events.OTHER.toString());
    write(
        other,
        message ->
            new AuditSigner.Signed(
                mallory.sign(message).signature(), AGENT.sign(message).certificates()));

    assertThat(AuditVerifier.selfContained().verify(other))
        .isInstanceOfSatisfying(
            Broken.class,
            broken -> assertThat(broken.what()).isEqualTo("the checkpoint's signature is wrong"));
  }

  @Test
  void aCertificateThatTheJdkStumblesOver_isNoProof(@TempDir Path other) throws Exception {
    SpiffeId odd = SpiffeId.parse("spiffe://my_domain/agent");
    Authority root = Authority.root("home");
    MintedSvid svid =
        SvidMint.leaf(odd.toString())
            .by(SvidMint.authority("hosts").permittedHost("agentweave.io").under(root));
    AuditSettings settings =
        AuditSettings.of(other, odd).withCheckpoints(1_000, Duration.ofHours(1));
    try (FileAuditLog log = FileAuditLog.open(settings, message -> signed(svid, message))) {
      log.record(Events.decided(1));
    }

    assertThat(AuditVerifier.selfContained().verify(other)).isInstanceOf(Intact.class);
    assertThat(
            AuditVerifier.selfContained()
                .expectAuthorities(List.of(root.certificate()))
                .verify(other))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.what()).isEqualTo("the checkpoint's signature can't be checked"));
  }

  private static AuditSigner.Signed signed(MintedSvid svid, byte[] message) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(svid.key());
      signature.update(message);
      return new AuditSigner.Signed(
          Base64.getEncoder().encodeToString(signature.sign()), svid.chain());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
