package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.identity.MintedSvid;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.SvidMint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final int OF_ONE_PEER = 3;

  private final ServedScene scene = new ServedScene();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Connections connections =
      new Connections(
          scene.identity,
          new HandshakeNotices(scene.audit, scene.telemetry),
          timer,
          100,
          OF_ONE_PEER,
          100);

  @AfterEach
  void close() {
    connections.close();
    timer.shutdownNow();
    scene.close();
  }

  private PeerConnection connection() {
    MintedSvid peer = SvidMint.leaf(ServedScene.INGESTER).by(scene.authority);
    PeerIdentity proven = (PeerIdentity) scene.identity.current().verify(peer.chain());
    return new PeerConnection(peer.chain(), "here", proven, Runnable::run, () -> {});
  }

  @Test
  void peerThatHungUpBeforeItWasLetIn_keepsNoRoom() {
    for (int i = 0; i < 2 * OF_ONE_PEER; i++) {
      assertThat(connections.opened(connection(), Runnable::run)).isTrue();
    }
    assertThat(connections.size()).isZero();
  }

  @Test
  void connection_keepsItsRoomUntilItIsClosed() {
    List<Runnable> closing = new ArrayList<>();
    for (int i = 0; i < OF_ONE_PEER; i++) {
      assertThat(connections.opened(connection(), closing::add)).isTrue();
    }
    assertThat(connections.opened(connection(), closing::add)).isFalse();
    assertThat(connections.size()).isEqualTo(OF_ONE_PEER);

    closing.forEach(Runnable::run);
    assertThat(connections.size()).isZero();
    assertThat(connections.opened(connection(), closing::add)).isTrue();
  }
}
