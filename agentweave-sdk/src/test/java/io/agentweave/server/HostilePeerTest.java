package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A proven peer that abuses HTTP/2. Each attack ends with its connection, and a well-behaved peer
 * is answered while it goes on.
 */
class HostilePeerTest {
  /** Far beyond what any limit lets pass, and still soon sent. */
  private static final int MANY = 100_000;

  private final ServedScene scene =
      new ServedScene().allow(ServedScene.INGESTER, "echo").allow(ServedScene.STRANGER, "hold");
  private final ManagedChannel good = scene.channel(Peers.registered(scene, ServedScene.INGESTER));

  @AfterEach
  void close() {
    scene.capabilities.release.countDown();
    scene.close();
  }

  /** Sends the {@code n}-th piece of an attack. */
  @FunctionalInterface
  private interface Piece {
    void send(RawHttp2 peer, int n) throws IOException;
  }

  private RawHttp2 hostile(byte... settings) throws IOException {
    return RawHttp2.connect(scene, Peers.registered(scene, ServedScene.STRANGER), settings);
  }

  private void expectCutOff(Piece piece) throws Exception {
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
    try (RawHttp2 peer = hostile()) {
      try {
        for (int n = 0; n < MANY && !peer.ended(); n++) {
          piece.send(peer, n);
          if (n % 100 == 0) {
            peer.flush();
          }
          if (n % 10_000 == 5_000) {
            assertThat(Peers.send(good, "echo")).isEqualTo("OK");
          }
        }
        peer.flush();
      } catch (IOException e) {
        // Cut off in the middle of a write.
      }
      assertThat(peer.awaitEnd()).as("the server ends the connection").isTrue();
    }
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
    await().until(() -> scene.server.connections() == 1);
    await().until(() -> scene.server.callsInside() == 0);
  }

  @Test
  void rapidReset() throws Exception {
    expectCutOff(
        (peer, n) -> {
          int stream = peer.open("SendMessage", RawHttp2.END_HEADERS);
          peer.frame(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(8));
        });
  }

  @Test
  void resetsThatTheServerIsMadeToSend() throws Exception {
    expectCutOff(
        (peer, n) -> {
          int stream = peer.open("SendMessage", RawHttp2.END_HEADERS);
          peer.frame(RawHttp2.WINDOW_UPDATE, 0, stream, RawHttp2.number(0));
        });
  }

  @Test
  void hundredThousandStreams() throws Exception {
    expectCutOff((peer, n) -> peer.open("SendMessage", RawHttp2.END_HEADERS));
  }

  @Test
  void emptySettings() throws Exception {
    expectCutOff((peer, n) -> peer.frame(RawHttp2.SETTINGS, 0, 0));
  }

  @Test
  void pings() throws Exception {
    expectCutOff((peer, n) -> peer.frame(RawHttp2.PING, 0, 0, new byte[8]));
  }

  @Test
  void priorities() throws Exception {
    expectCutOff((peer, n) -> peer.frame(RawHttp2.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1}));
  }

  @Test
  void framesOfUnknownTypes() throws Exception {
    expectCutOff((peer, n) -> peer.frame(0x55, 0, 0));
  }

  @Test
  void smallWindowUpdates() throws Exception {
    expectCutOff((peer, n) -> peer.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1)));
  }

  @Test
  void emptyData() throws Exception {
    expectCutOff(
        (peer, n) -> {
          if (n == 0) {
            peer.open("SendMessage", RawHttp2.END_HEADERS);
          }
          peer.frame(RawHttp2.DATA, 0, 1);
        });
  }

  @Test
  void oneByteOfDataAtATime() throws Exception {
    expectCutOff(
        (peer, n) -> {
          if (n == 0) {
            peer.open("SendMessage", RawHttp2.END_HEADERS);
            // A message of 64 KiB.
            peer.frame(RawHttp2.DATA, 0, 1, new byte[] {0, 0, 1, 0, 0});
          }
          peer.frame(RawHttp2.DATA, 0, 1, new byte[] {'x'});
        });
  }

  @Test
  void emptyContinuations() throws Exception {
    expectCutOff(
        (peer, n) -> {
          if (n == 0) {
            peer.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.headersOf("SendMessage"));
          }
          peer.frame(RawHttp2.CONTINUATION, 0, 1);
        });
  }

  @Test
  void continuationsWithoutEnd() throws Exception {
    byte[] piece = block("x".repeat(4_000));
    expectCutOff(
        (peer, n) -> {
          if (n == 0) {
            peer.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.headersOf("SendMessage"));
          }
          peer.frame(RawHttp2.CONTINUATION, 0, 1, piece);
        });
  }

  @Test
  void mebibyteOfMetadata_isRefused_andNothingRuns() throws Exception {
    try (RawHttp2 peer = hostile()) {
      peer.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.headersOf("SendMessage"));
      byte[] piece = block("x".repeat(16_000));
      for (int i = 0; i < 64; i++) {
        peer.frame(RawHttp2.CONTINUATION, i == 63 ? RawHttp2.END_HEADERS : 0, 1, piece);
      }
      peer.flush();
      await().until(() -> peer.ended() || peer.answers.get() + peer.resets.get() > 0);
    } catch (IOException e) {
      // Cut off in the middle of a write.
    }
    assertThat(scene.capabilities.runs).hasValue(0);
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
  }

  @Test
  void timeoutThatCannotBeRead_isRefused_andWrittenDown() throws Exception {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    headers.writeBytes(RawHttp2.headersOf("SendMessage"));
    RawHttp2.header(headers, "grpc-timeout", "soon");
    try (RawHttp2 peer = hostile()) {
      peer.frame(
          RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, headers.toByteArray());
      peer.flush();
      await()
          .untilAsserted(
              () ->
                  assertThat(scene.audit.ended())
                      .anySatisfy(ended -> assertThat(ended.detail()).contains("grpc-timeout")));
    }
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
  }

  @Test
  void headersThatGrowWhenUnpacked_areRefused() throws Exception {
    // One long entry in the dynamic table, then a block of references to it: 4 KB become 16 MB.
    ByteArrayOutputStream once = new ByteArrayOutputStream();
    once.writeBytes(RawHttp2.headersOf("SendMessage"));
    ByteArrayOutputStream literal = new ByteArrayOutputStream();
    RawHttp2.header(literal, "x-bomb", "x".repeat(3_900));
    byte[] indexed = literal.toByteArray();
    indexed[0] = 0x40;
    once.writeBytes(indexed);
    byte[] bomb = new byte[4_000];
    Arrays.fill(bomb, (byte) 0xBE);
    once.writeBytes(bomb);
    try (RawHttp2 peer = hostile()) {
      peer.frame(
          RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, once.toByteArray());
      peer.flush();
      await().until(() -> peer.ended() || peer.answers.get() + peer.resets.get() > 0);
    }
    assertThat(scene.capabilities.runs).hasValue(0);
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
  }

  @Test
  void frameLongerThanAllowed() throws Exception {
    expectCutOff((peer, n) -> peer.frame(RawHttp2.DATA, 0, 1, new byte[1 << 20]));
  }

  private static byte[] block(String value) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    RawHttp2.header(block, "x-noise", value);
    return block.toByteArray();
  }
}
