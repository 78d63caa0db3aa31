package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** The TLS contexts of a snapshot: who gets in, what they are told, and what is left behind. */
final class TlsContextTest {
  private static final Authority HOME = Authority.root("home");
  private static final Map<TrustDomain, Set<X509Certificate>> BUNDLE =
      SwitchableIdentity.bundle("agentweave.io", HOME);
  private static final MintedSvid SERVER =
      SvidMint.leaf("spiffe://agentweave.io/agent/processor").by(HOME);
  private static final MintedSvid CLIENT = SvidMint.leaf(SvidVectors.ID).by(HOME);
  private static final SpiffeId PROCESSOR =
      SpiffeId.parse("spiffe://agentweave.io/agent/processor");

  private final List<Rejected> rejected = new CopyOnWriteArrayList<>();
  private final List<PeerIdentity> proven = new CopyOnWriteArrayList<>();

  private static SvidSnapshot snapshot(MintedSvid own) {
    return TlsPair.snapshot(own, BUNDLE, Set.of());
  }

  private SSLEngine server(MintedSvid own) {
    return snapshot(own).serverContext(rejected::add).createSSLEngine();
  }

  private SSLEngine client(SpiffeId expected) {
    return snapshot(CLIENT)
        .clientContext(expected, proven::add, rejected::add)
        .createSSLEngine("anything.example", 1);
  }

  @Test
  void twoAgents_proveEachOther_overTls13() {
    SSLEngine client = client(PROCESSOR);
    SSLEngine server = server(SERVER);

    assertThat(TlsPair.handshake(client, server).established()).isTrue();
    assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(proven)
        .singleElement()
        .satisfies(
            peer -> {
              assertThat(peer.spiffeId()).isEqualTo(PROCESSOR);
              assertThat(peer.notAfter()).isEqualTo(SERVER.leaf().getNotAfter().toInstant());
            });
    assertThat(rejected).isEmpty();
  }

  @Test
  void aProvenServerOfAnotherId_isRefusedByTheClient() {
    SSLEngine client = client(SpiffeId.parse("spiffe://agentweave.io/agent/storage"));

    assertThat(TlsPair.handshake(client, server(SERVER)).established()).isFalse();
    assertThat(rejected)
        .containsExactly(
            new Rejected(
                SvidRule.UNEXPECTED_ID,
                "expected spiffe://agentweave.io/agent/storage, found " + PROCESSOR));
    assertThat(proven).isEmpty();
  }

  @Test
  void aClientWithoutACertificate_isRefused() {
    TlsPair.Outcome outcome =
        TlsPair.handshake(TlsPair.clientEngine(TlsPair.nameless()), server(SERVER));

    assertThat(outcome.established()).isFalse();
    assertThat(Rejected.beforeVerification(outcome.server().orElseThrow()))
        .hasValueSatisfying(why -> assertThat(why.rule()).isEqualTo(SvidRule.NO_CERTIFICATE));
  }

  @Test
  void aClientWithAStolenCertificateAndAnotherKey_isRefused() {
    MintedSvid stolen = new MintedSvid(CLIENT.chain(), SvidMint.newKeys("EC", 256).getPrivate());

    TlsPair.Outcome outcome =
        TlsPair.handshake(TlsPair.clientEngine(TlsPair.careless(stolen)), server(SERVER));

    assertThat(outcome.established()).isFalse();
    assertThat(Rejected.beforeVerification(outcome.server().orElseThrow()))
        .hasValueSatisfying(why -> assertThat(why.rule()).isEqualTo(SvidRule.TLS_HANDSHAKE));
  }

  @Test
  void tls12_isRefused_onBothSides() {
    SSLEngine oldClient = TlsPair.clientEngine(TlsPair.careless(CLIENT));
    oldClient.setEnabledProtocols(new String[] {"TLSv1.2"});
    TlsPair.Outcome atServer = TlsPair.handshake(oldClient, server(SERVER));
    SSLEngine oldServer = TlsPair.serverEngine(TlsPair.careless(SERVER));
    oldServer.setEnabledProtocols(new String[] {"TLSv1.2"});
    TlsPair.Outcome atClient = TlsPair.handshake(client(PROCESSOR), oldServer);

    assertThat(atServer.established()).isFalse();
    assertThat(atClient.established()).isFalse();
    assertThat(Rejected.beforeVerification(atServer.server().orElseThrow()))
        .hasValueSatisfying(why -> assertThat(why.rule()).isEqualTo(SvidRule.TLS_HANDSHAKE));
  }

  @Test
  void aRefusedClient_isNotToldWhy() {
    List<String> told = new ArrayList<>();
    for (MintedSvid bad :
        List.of(
            SvidMint.leaf(SvidVectors.ID).by(Authority.root("stranger")),
            SvidMint.leaf(SvidVectors.ID).keyUsage(0).by(HOME),
            SvidMint.leaf("spiffe://elsewhere.example/a").by(HOME))) {
      TlsPair.Outcome outcome =
          TlsPair.handshake(TlsPair.clientEngine(TlsPair.careless(bad)), server(SERVER));
      told.add(outcome.client().orElseThrow().getMessage());
      assertThat(Rejected.beforeVerification(outcome.server().orElseThrow())).isEmpty();
    }

    assertThat(rejected.stream().map(Rejected::rule))
        .containsExactly(
            SvidRule.UNTRUSTED_PATH, SvidRule.KEY_USAGE, SvidRule.TRUST_DOMAIN_NOT_ALLOWED);
    assertThat(told)
        .hasSize(3)
        .containsOnly("(certificate_unknown) Received fatal alert: certificate_unknown");
  }

  @Test
  void aWithdrawnIdentity_neitherServesNorCallsNorProves() {
    SvidSnapshot withdrawn =
        new SvidSnapshot(
            SwitchableIdentity.material(SERVER, BUNDLE),
            Set.of(),
            2,
            Optional.of("taken back"),
            java.time.InstantSource.system());

    assertThat(withdrawn.verify(CLIENT.chain()))
        .isEqualTo(new Rejected(SvidRule.OWN_SVID_UNUSABLE, "taken back"));
    SSLEngine server = withdrawn.serverContext(rejected::add).createSSLEngine();
    assertThat(
            TlsPair.handshake(TlsPair.clientEngine(TlsPair.careless(CLIENT)), server).established())
        .isFalse();
    SSLEngine client =
        withdrawn.clientContext(PROCESSOR, proven::add, rejected::add).createSSLEngine();
    assertThat(
            TlsPair.handshake(client, TlsPair.serverEngine(TlsPair.careless(SERVER))).established())
        .isFalse();
    assertThat(proven).isEmpty();
  }

  @Test
  void aContextForOneRole_cannotBeUsedForTheOther() {
    SSLEngine turned = server(CLIENT);
    turned.setUseClientMode(true);

    // The server's context proves any peer: as a client it would reach whoever answers.
    assertThat(
            TlsPair.handshake(turned, TlsPair.serverEngine(TlsPair.careless(SERVER))).established())
        .isFalse();
  }

  @Test
  void theServersList_namesNoAuthority() {
    assertThat(new PeerTrust(TlsRole.SERVER, _ -> proof(), _ -> {}, _ -> {}).getAcceptedIssuers())
        .isEmpty();
  }

  private static Verification proof() {
    return snapshot(SERVER).verify(CLIENT.chain());
  }

  @Test
  void serverSockets_areNotMade_becauseTheirConnectionsWouldShareAContext() {
    SSLContext context = snapshot(SERVER).serverContext(rejected::add);

    assertThatThrownBy(context::getServerSocketFactory)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void afterTheBundleIsDropped_aSecondConnectionOfTheSameClientFails()
      throws IOException, InterruptedException {
    SwitchableIdentity identity =
        SwitchableIdentity.of(SERVER, SwitchableIdentity.bundle("agentweave.io", HOME));
    // The attacker keeps its context, with every session and ticket that it was ever given.
    SSLContext attacker = TlsPair.careless(CLIENT);

    assertThat(connect(attacker, identity)).isTrue();
    assertThat(connect(attacker, identity)).isTrue();
    identity.renew(SERVER, SwitchableIdentity.bundle("agentweave.io", Authority.root("new home")));
    assertThat(connect(attacker, identity)).isFalse();
    assertThat(rejected.stream().map(Rejected::rule)).containsExactly(SvidRule.UNTRUSTED_PATH);
  }

  /** One connection over loopback sockets; whether the server heard the client's byte. */
  private boolean connect(SSLContext client, IdentitySource identity)
      throws IOException, InterruptedException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Integer> heard = new CompletableFuture<>();
      Thread server =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket accepted = listening.accept();
                        SSLSocket tls =
                            (SSLSocket)
                                identity
                                    .current()
                                    .serverContext(rejected::add)
                                    .getSocketFactory()
                                    .createSocket(accepted, null, true)) {
                      heard.complete(tls.getInputStream().read());
                      tls.getOutputStream().write(1);
                    } catch (IOException e) {
                      heard.completeExceptionally(e);
                    }
                  });
      try (Socket socket =
          client
              .getSocketFactory()
              .createSocket(listening.getInetAddress(), listening.getLocalPort())) {
        socket.getOutputStream().write(42);
        socket.getInputStream().read();
      } catch (IOException _) {
        // A refused client learns it here; what counts is what the server heard.
      }
      server.join();
      return heard.get() == 42;
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(IOException.class);
      return false;
    }
  }
}
