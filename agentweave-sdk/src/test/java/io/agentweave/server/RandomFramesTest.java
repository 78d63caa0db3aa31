package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.Anything;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that no client sends: nothing breaks, nothing is left behind, nobody else notices. */
class RandomFramesTest {
  private final ServedScene scene =
      new ServedScene().allow(ServedScene.INGESTER, "echo").allow(ServedScene.STRANGER, "echo");
  private final ManagedChannel good = scene.channel(Peers.registered(scene, ServedScene.INGESTER));

  @AfterEach
  void close() {
    scene.close();
  }

  private void expectUnharmed() {
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
    await()
        .untilAsserted(
            () -> {
              assertThat(scene.server.connections()).isEqualTo(1);
              assertThat(scene.server.callsInside()).isZero();
            });
    assertThat(scene.audit.ended()).noneMatch(ended -> ended.outcome().equals("broken"));
  }

  @Test
  void randomFramesOfAProvenPeer_breakNothing() {
    Anything.tried(
        60,
        any -> {
          try (RawHttp2 peer =
              RawHttp2.connect(scene, Peers.registered(scene, ServedScene.STRANGER))) {
            for (int i = any.between(1, 30); i > 0 && !peer.ended(); i--) {
              send(any, peer);
            }
            peer.flush();
          } catch (IOException e) {
            // Cut off in the middle of a write.
          }
        });
    expectUnharmed();
  }

  private static void send(Anything any, RawHttp2 peer) throws IOException {
    switch (any.between(0, 4)) {
      case 0 -> peer.open(any.of("SendMessage", "GetTask", "Nonsense", ""), any.between(0, 5));
      case 1 ->
          peer.frame(any.between(0, 12), any.between(0, 255), any.between(0, 9), any.bytes(200));
      case 2 -> peer.frame(RawHttp2.DATA, any.between(0, 9), any.between(1, 9), any.bytes(200));
      case 3 -> peer.send("echo", any.text(50));
      default -> peer.bytes(any.bytes(60));
    }
  }

  @Test
  void randomBytesBeforeTheHandshake_breakNothing() {
    Anything.tried(
        100,
        any -> {
          try (Socket socket = new Socket("127.0.0.1", scene.server.port())) {
            byte[] bytes = any.bytes(600);
            if (bytes.length > 5 && any.coin()) {
              // The head of a TLS record.
              bytes[0] = 22;
              bytes[1] = 3;
              bytes[2] = 3;
            }
            socket.getOutputStream().write(bytes);
          } catch (IOException e) {
            // Cut off in the middle of a write.
          }
        });
    expectUnharmed();
  }
}
