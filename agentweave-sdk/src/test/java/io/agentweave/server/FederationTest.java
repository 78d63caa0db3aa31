package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.identity.Authority;
import io.agentweave.identity.SvidMint;
import io.agentweave.identity.SwitchableIdentity;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.Test;

/** Two trust domains: each proves its own, and what is not allowed stays out. */
class FederationTest {
  private static final String PARTNER = "spiffe://partner.example/agent/reporter";

  private final Authority partner = Authority.root("partner");

  /** A peer of the partner's domain that trusts the agent's domain too. */
  private ManagedChannel partner(ServedScene scene, String id, Authority by) {
    var bundles = SwitchableIdentity.bundle("partner.example", partner);
    bundles.putAll(SwitchableIdentity.bundle("agentweave.io", scene.authority));
    return scene.channel(SwitchableIdentity.of(SvidMint.leaf(id).by(by), bundles));
  }

  @Test
  void peerOfAnAllowedDomain_isServedWhatItIsGranted_andNoMore() {
    try (ServedScene scene = ServedScene.federatedWith(partner).allow(PARTNER, "echo")) {
      ManagedChannel channel = partner(scene, PARTNER, partner);
      assertThat(Peers.send(channel, "echo")).isEqualTo("OK");
      assertThat(Peers.send(channel, "guarded")).isEqualTo("DENIED");
      assertThat(scene.audit.ended().getFirst().subject().caller()).isEqualTo(PARTNER);
      assertThat(scene.grants.lastAsked().caller().trustDomain().name())
          .isEqualTo("partner.example");
    }
  }

  @Test
  void grantOfAPeer_isNotThatOfItsNamesakeInAnotherDomain() {
    String namesake = "spiffe://partner.example/agent/ingester";
    try (ServedScene scene =
        ServedScene.federatedWith(partner).allow(ServedScene.INGESTER, "echo", "guarded")) {
      ManagedChannel channel = partner(scene, namesake, partner);
      assertThat(Peers.send(channel, "echo")).isEqualTo("DENIED");
      assertThat(Peers.send(channel, "guarded")).isEqualTo("DENIED");
    }
  }

  @Test
  void authorityOfOneDomain_provesNobodyOfTheOther() {
    try (ServedScene scene =
        ServedScene.federatedWith(partner).allow(ServedScene.INGESTER, "echo")) {
      assertThat(Peers.send(partner(scene, ServedScene.INGESTER, partner), "echo"))
          .isEqualTo("UNAVAILABLE");
      assertThat(Peers.send(partner(scene, PARTNER, scene.authority), "echo"))
          .isEqualTo("UNAVAILABLE");
      await()
          .untilAsserted(
              () ->
                  // Who is shut out may knock again.
                  assertThat(scene.audit.noticed())
                      .filteredOn(noticed -> noticed.detail().startsWith("untrusted_path"))
                      .anySatisfy(n -> assertThat(n.detail()).contains(ServedScene.INGESTER))
                      .anySatisfy(n -> assertThat(n.detail()).contains(PARTNER)));
    }
  }

  @Test
  void domainWithABundle_thatIsNotAllowed_isShutOut() {
    try (ServedScene scene = new ServedScene().allow(PARTNER, "echo")) {
      var bundles = SwitchableIdentity.bundle("agentweave.io", scene.authority);
      bundles.putAll(SwitchableIdentity.bundle("partner.example", partner));
      scene.identity.renew(SvidMint.leaf(ServedScene.SELF).by(scene.authority), bundles);

      assertThat(Peers.send(partner(scene, PARTNER, partner), "echo")).isEqualTo("UNAVAILABLE");
      await()
          .untilAsserted(
              () ->
                  assertThat(scene.audit.noticed())
                      .anySatisfy(
                          noticed ->
                              assertThat(noticed.detail()).startsWith("trust_domain_not_allowed")));
    }
  }

  @Test
  void droppedDomain_isCutOffAtOnce_andTheOthersStay() {
    try (ServedScene scene =
        ServedScene.federatedWith(partner)
            .allow(PARTNER, "echo")
            .allow(ServedScene.INGESTER, "echo")) {
      ManagedChannel leaving = partner(scene, PARTNER, partner);
      ManagedChannel staying = scene.channel(Peers.registered(scene, ServedScene.INGESTER));
      assertThat(Peers.send(leaving, "echo")).isEqualTo("OK");
      assertThat(Peers.send(staying, "echo")).isEqualTo("OK");

      scene.identity.renew(
          SvidMint.leaf(ServedScene.SELF).by(scene.authority),
          SwitchableIdentity.bundle("agentweave.io", scene.authority));

      // Before whoever renews goes on: no sweep has to come by first.
      assertThat(scene.metrics()).contains("agentweave_connections_withdrawn_total 1.0");
      await().until(() -> scene.server.connections() == 1);
      assertThat(Peers.send(leaving, "echo")).isEqualTo("UNAVAILABLE");
      assertThat(Peers.send(staying, "echo")).isEqualTo("OK");
    }
  }
}
