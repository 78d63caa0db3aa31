package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A proven peer that takes all it can get: the others have their room all the same. */
class CrowdingPeerTest {
  private final ServedScene scene =
      new ServedScene(TestCapabilities::catalogue, Duration.ofSeconds(10), 20)
          .allow(ServedScene.INGESTER, "echo");
  private final SSLContext greedy = Peers.registered(scene, ServedScene.STRANGER);
  private final ManagedChannel good = scene.channel(Peers.registered(scene, ServedScene.INGESTER));
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    scene.close();
  }

  private static ConditionFactory eventually() {
    return await();
  }

  private RawHttp2 crowding(byte... settings) throws IOException {
    RawHttp2 peer = RawHttp2.connect(scene, greedy, settings);
    opened.add(peer);
    return peer;
  }

  private void expectNoticed(String kind, String limit, String peer) {
    eventually()
        .untilAsserted(
            () ->
                assertThat(scene.audit.noticed())
                    .anySatisfy(
                        noticed -> {
                          assertThat(noticed.kind()).isEqualTo(kind);
                          assertThat(noticed.detail()).startsWith(limit);
                          assertThat(noticed.peer()).isEqualTo(peer);
                        }));
  }

  @Test
  void connectionsWithoutEnd_stopAtThePeersShare() throws Exception {
    for (int i = 0; i < 300; i++) {
      crowding();
    }

    expectNoticed("connection_cut", "peer_connections", ServedScene.STRANGER);
    eventually()
        .until(
            () ->
                scene
                    .metrics()
                    .contains("agentweave_connections_cut_total{limit=\"peer_connections\"} 44"));
    eventually().until(() -> scene.server.connections() == 256);
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
  }

  @Test
  void requestsThatNeverEnd_leavePlacesForOthers_andEndWithTheirTime() throws Exception {
    for (int i = 0; i < 2; i++) {
      RawHttp2 peer = crowding();
      for (int n = 0; n < 200; n++) {
        peer.open("SendMessage", RawHttp2.END_HEADERS);
      }
      peer.flush();
    }
    eventually().until(() -> scene.metrics().contains("limit=\"peer_arrivals\""));

    assertThat(Peers.send(good, "echo")).isEqualTo("OK");
    eventually().until(() -> scene.server.callsInside() == 0);
    assertThat(scene.audit.ended()).anyMatch(ended -> ended.outcome().equals("deadline_exceeded"));
  }

  @Test
  void answersThatAreNotRead_areHeldForTheTimeOfACall_thenTheConnectionIsCut() throws Exception {
    scene.allow(ServedScene.STRANGER, "echo");
    RawHttp2 peer = crowding(RawHttp2.setting(4, 0));
    for (int n = 0; n < 10; n++) {
      peer.send("echo", "{\"a\":\"" + "x".repeat(50_000) + "\"}");
    }
    peer.flush();
    eventually().until(() -> scene.capabilities.runs.get() == 10);
    assertThat(scene.server.callsInside()).as("answers take room").isEqualTo(10);
    assertThat(Peers.send(good, "echo")).isEqualTo("OK");

    assertThat(peer.awaitEnd()).isTrue();
    expectNoticed("connection_cut", "unread_answers", ServedScene.STRANGER);
    eventually().until(() -> scene.server.callsInside() == 0);
  }

  @Test
  void peerThatAsksForNothingOverHttp_isCutOff() throws Exception {
    AgentServer hasty = scene.another(0, Duration.ofSeconds(5));
    opened.add(hasty);
    SSLSocket silent = RawHttp2.tls(new Socket("127.0.0.1", hasty.port()), greedy, "http/1.1");
    opened.add(silent);
    silent.getOutputStream().write("GET /.well-known".getBytes(StandardCharsets.US_ASCII));
    silent.setSoTimeout(120_000);
    try {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    } catch (IOException reset) {
      assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
    }
    eventually().until(() -> hasty.connections() == 0);
  }

  @Test
  void floodOfRefusedCalls_failsNoCallOfAnother() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> flood = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ManagedChannel channel = scene.channel(greedy);
        flood.add(
            threads.submit(
                () -> {
                  int denied = 0;
                  while (!over.get()) {
                    denied += Peers.send(channel, "echo").equals("DENIED") ? 1 : 0;
                  }
                  return denied;
                }));
      }
      try {
        for (int n = 0; n < 60; n++) {
          assertThat(Peers.send(good, "echo")).isEqualTo("OK");
        }
      } finally {
        over.set(true);
      }
      int denied = 0;
      for (Future<Integer> one : flood) {
        denied += one.get();
      }
      assertThat(denied).isPositive();
    }
  }
}
