package io.agentweave.local.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LocalAuthorityTest {
  private static final SpiffeId INGESTER = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");

  private final LocalAuthority authority = new LocalAuthority(new TrustDomain("agentweave.io"));

  @Test
  void anIdOfAnotherTrustDomain_getsNoSvid() {
    assertThatThrownBy(() -> authority.issue(SpiffeId.parse("spiffe://evil.example/agent/x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("agentweave.io");
  }

  @Test
  void aClockThatWasSetBack_leavesNoAuthorityFromTheFuture() throws Exception {
    AtomicReference<Instant> time = new AtomicReference<>(Instant.now().plus(Duration.ofDays(1)));
    InstantSource clock = time::get;
    LocalAuthority set =
        new LocalAuthority(
            new TrustDomain("agentweave.io"),
            Duration.ofMinutes(1),
            clock.withZone(ZoneOffset.UTC));
    time.set(Instant.now());
    set.maintain();

    X509Certificate leaf = set.issue(INGESTER).leaf();
    leaf.checkValidity();
    X509Certificate signer = set.bundle().getLast();
    leaf.verify(signer.getPublicKey());
    signer.checkValidity();
  }

  @Test
  void anSvid_keepsTheProfile() throws Exception {
    X509Certificate leaf = authority.issue(INGESTER).leaf();

    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    boolean[] usage = leaf.getKeyUsage();
    assertThat(usage[0]).as("digitalSignature").isTrue();
    assertThat(usage[5]).as("keyCertSign").isFalse();
    assertThat(usage[6]).as("cRLSign").isFalse();
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(namesOf(leaf, 6)).containsExactly(INGESTER.toString());
    assertThat(namesOf(leaf, 2)).containsExactly("localhost", "ingester");
    assertThat(((ECPublicKey) leaf.getPublicKey()).getParams().getOrder().bitLength())
        .isEqualTo(256);
    assertThat(leaf.getSerialNumber().signum()).isPositive();
  }

  @Test
  void aRoot_isAnAuthorityNamedByItsTrustDomain() throws Exception {
    X509Certificate root = authority.bundle().getFirst();

    assertThat(root.getBasicConstraints()).isNotNegative();
    assertThat(root.getKeyUsage()[5]).isTrue();
    assertThat(namesOf(root, 6)).containsExactly("spiffe://agentweave.io");
  }

  @Test
  void aNameThatIsNoDnsLabel_isLeftOut() throws Exception {
    X509Certificate leaf =
        authority.issue(SpiffeId.parse("spiffe://agentweave.io/agent/my_agent")).leaf();

    assertThat(namesOf(leaf, 2)).containsExactly("localhost");
  }

  @Test
  void svids_liveAsLongAsAsked() {
    Instant before = Instant.now();
    IssuedSvid svid = authority.issue(INGESTER, Duration.ofMinutes(5));

    assertThat(svid.notAfter())
        .isBetween(before.plusSeconds(299), Instant.now().plus(Duration.ofMinutes(5)));
    assertThat(svid.toString()).contains(svid.serial()).doesNotContain("PrivateKey");
  }

  @Test
  void aPreparedAuthority_signsOnlyOnceActivated() {
    X509Certificate first = authority.bundle().getFirst();
    authority.prepare();
    assertThat(authority.bundle()).hasSize(2).first().isEqualTo(first);
    assertThat(signedBy(authority.issue(INGESTER), first)).isTrue();

    authority.activate();
    assertThat(signedBy(authority.issue(INGESTER), first)).isFalse();
    assertThat(signedBy(authority.issue(INGESTER), authority.bundle().getLast())).isTrue();
  }

  @Test
  void aDroppedAuthority_isTrustedNoMore() throws Exception {
    IssuedSvid old = authority.issue(INGESTER);
    authority.rotate();
    validate(old, authority.bundle());

    authority.drop();
    assertThat(authority.bundle()).hasSize(1);
    assertThatThrownBy(() -> validate(old, authority.bundle()))
        .isInstanceOf(CertPathValidatorException.class);
    validate(authority.issue(INGESTER), authority.bundle());
  }

  private static void validate(IssuedSvid svid, List<X509Certificate> bundle) throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(
            bundle.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(svid.chain()), parameters);
  }

  private static boolean signedBy(IssuedSvid svid, X509Certificate root) {
    try {
      svid.leaf().verify(root.getPublicKey());
      return true;
    } catch (SignatureException | InvalidKeyException other) {
      return false;
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private static List<String> namesOf(X509Certificate certificate, int kind) throws Exception {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names.stream()
        .filter(name -> name.getFirst().equals(kind))
        .map(name -> (String) name.get(1))
        .toList();
  }
}
