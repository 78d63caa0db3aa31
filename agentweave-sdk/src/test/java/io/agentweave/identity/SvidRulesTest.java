package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every SVID rule, with the SVID that breaks it and its good twin, as judged and over real TLS. */
final class SvidRulesTest {
  private static final SvidVectors WORLD = SvidVectors.mint();
  private static final SvidSnapshot JUDGE =
      TlsPair.snapshot(WORLD.judge(), SvidVectors.bundles(WORLD), SvidVectors.allowed());

  static Stream<SvidVectors.Vector> vectors() {
    return WORLD.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void anSvid_isJudgedByItsRule(SvidVectors.Vector vector) {
    switch (JUDGE.verify(vector.svid().chain())) {
      case PeerIdentity peer -> {
        assertThat(vector.breaks()).as("proven as %s", peer).isEmpty();
        assertThat(peer.svidSerial())
            .isEqualTo(vector.svid().leaf().getSerialNumber().toString(16));
        assertThat(peer.snapshotGeneration()).isEqualTo(JUDGE.generation());
      }
      case Rejected(SvidRule rule, String detail) ->
          assertThat(vector.breaks()).as(detail).hasValue(rule);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void aServer_letsInOnlyClientsItCanProve(SvidVectors.Vector vector) {
    List<Rejected> rejected = new ArrayList<>();
    SSLEngine server = JUDGE.serverContext(rejected::add).createSSLEngine();
    SSLEngine client = TlsPair.clientEngine(TlsPair.careless(vector.svid()));

    expect(vector, TlsPair.handshake(client, server), rejected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void aClient_talksOnlyToServersItCanProve(SvidVectors.Vector vector) {
    // The exact ID is not what is tried here: each vector may keep the one it claims.
    SpiffeId expected =
        switch (JUDGE.verify(vector.svid().chain())) {
          case PeerIdentity peer -> peer.spiffeId();
          case Rejected _ -> SpiffeId.parse(SvidVectors.ID);
        };
    List<Rejected> rejected = new ArrayList<>();
    List<PeerIdentity> proven = new ArrayList<>();
    SSLEngine client =
        JUDGE.clientContext(expected, proven::add, rejected::add).createSSLEngine("host", 8443);
    SSLEngine server = TlsPair.serverEngine(TlsPair.careless(vector.svid()));
    server.setNeedClientAuth(true);

    expect(vector, TlsPair.handshake(client, server), rejected);
    assertThat(proven).hasSize(vector.breaks().isEmpty() ? 1 : 0);
  }

  private static void expect(
      SvidVectors.Vector vector, TlsPair.Outcome outcome, List<Rejected> rejected) {
    assertThat(outcome.established()).as("%s", outcome).isEqualTo(vector.breaks().isEmpty());
    assertThat(rejected.stream().map(Rejected::rule)).isEqualTo(vector.breaks().stream().toList());
  }

  @Test
  void everyRuleAboutCertificates_hasAVector() {
    Set<SvidRule> tried = EnumSet.noneOf(SvidRule.class);
    WORLD.all().forEach(vector -> vector.breaks().ifPresent(tried::add));

    // The others are about the handshake, and have tests of their own.
    assertThat(EnumSet.complementOf(EnumSet.copyOf(tried)))
        .containsExactlyInAnyOrder(
            SvidRule.OWN_SVID_UNUSABLE,
            SvidRule.TLS_HANDSHAKE,
            SvidRule.NO_CERTIFICATE,
            SvidRule.UNEXPECTED_ID);
  }
}
