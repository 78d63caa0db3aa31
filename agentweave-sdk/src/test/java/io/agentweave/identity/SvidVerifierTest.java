package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Exact boundaries in time, and what a proof says. */
final class SvidVerifierTest {
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant end = start.plusSeconds(60);
  private final Authority home = Authority.root("home");
  private final Map<TrustDomain, Set<X509Certificate>> bundle =
      SwitchableIdentity.bundle("agentweave.io", home);
  private final SvidVerifier verifier = new SvidVerifier(bundle, bundle.keySet(), 7);

  private static SvidRule rule(Verification verification) {
    return ((Rejected) verification).rule();
  }

  @Test
  void anSvid_isValidFromItsNotBefore_untilJustBeforeItsNotAfter() {
    var chain = SvidMint.leaf(SvidVectors.ID).valid(start, end).by(home).chain();

    assertThat(rule(verifier.verify(chain, start.minusMillis(1))))
        .isEqualTo(SvidRule.NOT_YET_VALID);
    assertThat(verifier.verify(chain, start)).isInstanceOf(PeerIdentity.class);
    assertThat(verifier.verify(chain, end.minusMillis(1))).isInstanceOf(PeerIdentity.class);
    assertThat(rule(verifier.verify(chain, end))).isEqualTo(SvidRule.EXPIRED);
  }

  @Test
  void aProof_endsWithTheFirstCertificateOfItsPath() {
    Instant sooner = end.minusSeconds(20);
    Authority brief = SvidMint.authority("brief").valid(start, sooner).under(home);
    var chain = SvidMint.leaf(SvidVectors.ID).valid(start, end).by(brief).chain();

    assertThat(verifier.verify(chain, start))
        .isInstanceOfSatisfying(
            PeerIdentity.class,
            peer -> {
              assertThat(peer.notAfter()).isEqualTo(sooner);
              assertThat(peer.snapshotGeneration()).isEqualTo(7);
            });
    assertThat(rule(verifier.verify(chain, sooner))).isEqualTo(SvidRule.EXPIRED);
  }

  @Test
  void aProof_endsNoLaterThanTheAuthority() {
    Authority brief = SvidMint.authority("brief").valid(start, start.plusSeconds(5)).selfSigned();
    Map<TrustDomain, Set<X509Certificate>> other =
        SwitchableIdentity.bundle("agentweave.io", brief);
    var chain = SvidMint.leaf(SvidVectors.ID).valid(start, end).by(brief).chain();

    assertThat(new SvidVerifier(other, other.keySet(), 1).verify(chain, start))
        .isInstanceOfSatisfying(
            PeerIdentity.class,
            peer -> assertThat(peer.notAfter()).isEqualTo(start.plusSeconds(5)));
  }

  @Test
  void theOwnSvid_isUnusableFromItsNotAfterOn() {
    MintedSvid own = SvidMint.leaf(SvidVectors.ID).valid(start, end).by(home);
    SvidMaterial material = SwitchableIdentity.material(own, bundle);

    assertThat(at(material, end.minusMillis(1)).unusableBecause()).isEmpty();
    assertThat(at(material, end).unusableBecause())
        .hasValueSatisfying(why -> assertThat(why).contains("expired at " + end));
    assertThat(rule(at(material, end).verify(own.chain()))).isEqualTo(SvidRule.OWN_SVID_UNUSABLE);
  }

  private static SvidSnapshot at(SvidMaterial material, Instant now) {
    return new SvidSnapshot(material, Set.of(), 1, Optional.empty(), () -> now);
  }

  @Test
  void aSignatureOfRsaPss_isAsStrongAsItsDigest() {
    Authority rsa = SvidMint.authority("rsa").keys(SvidMint.newKeys("RSA", 2048)).selfSigned();
    Map<TrustDomain, Set<X509Certificate>> its = SwitchableIdentity.bundle("agentweave.io", rsa);
    SvidVerifier judge = new SvidVerifier(its, its.keySet(), 1);

    for (String digest : new String[] {"SHA-256", "SHA-512"}) {
      var strong = SvidMint.leaf(SvidVectors.ID).valid(start, end).pss(digest).by(rsa).chain();
      assertThat(judge.verify(strong, start)).as(digest).isInstanceOf(PeerIdentity.class);
    }
    for (String digest : new String[] {"SHA-1", "SHA-224"}) {
      var weak = SvidMint.leaf(SvidVectors.ID).valid(start, end).pss(digest).by(rsa).chain();
      assertThat(rule(judge.verify(weak, start))).as(digest).isEqualTo(SvidRule.WEAK_KEY);
    }
  }

  @Test
  void noCertificate_isNamed() {
    assertThat(rule(verifier.verify(java.util.List.of(), start)))
        .isEqualTo(SvidRule.NO_CERTIFICATE);
  }

  @Test
  void aRejection_namesWhoThePeerClaimedToBe_butNeverQuotesABadName() {
    var stranger = SvidMint.leaf(SvidVectors.ID).by(Authority.root("stranger")).chain();
    var garbled = SvidMint.leaf("spiffe://agentweave.io/a\nFAKE LOG LINE").by(home).chain();

    assertThat(verifier.verify(stranger, start).toString())
        .contains("claimed to be " + SvidVectors.ID);
    assertThat(verifier.verify(garbled, start).toString()).doesNotContain("FAKE");
  }

  @Test
  void aCrowdOfForgedAuthoritiesOfOneName_costsLittle() {
    // As many as JSSE lets through, each naming the next: a search for paths would explode.
    MintedSvid leaf = SvidMint.leaf(SvidVectors.ID).by(SvidMint.authority("crowd").selfSigned());
    X509Certificate[] crowd =
        IntStream.range(0, 9)
            .mapToObj(_ -> SvidMint.authority("crowd").selfSigned().certificate())
            .toArray(X509Certificate[]::new);
    var chain = leaf.withAbove(crowd).chain();

    Instant before = Instant.now();
    for (int i = 0; i < 50; i++) {
      assertThat(rule(verifier.verify(chain, start))).isEqualTo(SvidRule.UNTRUSTED_PATH);
    }
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMinutes(1));
  }
}
