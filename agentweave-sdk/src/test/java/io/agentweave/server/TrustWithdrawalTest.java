package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SvidMint;
import io.agentweave.identity.SwitchableIdentity;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trust that is withdrawn ends what stands on it, at once. */
class TrustWithdrawalTest {
  private final ServedScene scene =
      new ServedScene().allow(ServedScene.INGESTER, "echo", "wait", "task.subscribe");
  private final Authority next = Authority.root("next");

  @AfterEach
  void close() {
    scene.capabilities.release.countDown();
    scene.close();
  }

  /** The server's own SVID and bundle come from another authority; the old one is dropped. */
  private void dropAuthority() {
    scene.identity.renew(
        SvidMint.leaf(ServedScene.SELF).by(next), SwitchableIdentity.bundle("agentweave.io", next));
    // Before whoever renews goes on: no sweep has to come by first.
    assertThat(scene.metrics()).contains("agentweave_connections_withdrawn_total 1.0");
  }

  private ManagedChannel connected() {
    ManagedChannel channel = scene.channel(Peers.registered(scene, ServedScene.INGESTER));
    ServedScene.stub(channel).sendMessage(ServedScene.send("echo"));
    return channel;
  }

  private void expectClosed(ManagedChannel channel) {
    await().until(() -> channel.getState(false) != ConnectivityState.READY);
    await().until(() -> scene.server.connections() == 0);
    assertThatThrownBy(
            () ->
                ServedScene.stub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .sendMessage(ServedScene.send("echo")))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void droppedAuthority_closesTheIdleConnection() {
    ManagedChannel idle = connected();
    dropAuthority();
    expectClosed(idle);
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.noticed())
                    .anySatisfy(
                        noticed -> {
                          assertThat(noticed.kind()).isEqualTo("connection_closed");
                          assertThat(noticed.detail()).startsWith("untrusted_path");
                          assertThat(noticed.peer()).isEqualTo(ServedScene.INGESTER);
                        }));
  }

  @Test
  void droppedAuthority_endsTheCallUnderWay() throws InterruptedException {
    A2AServiceBlockingStub caller = ServedScene.stub(connected());
    AtomicReference<StatusRuntimeException> thrown = new AtomicReference<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    var _ = caller.sendMessage(ServedScene.send("wait"));
                  } catch (StatusRuntimeException e) {
                    thrown.set(e);
                  }
                });
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    dropAuthority();

    assertThat(waiting.join(Duration.ofSeconds(60))).isTrue();
    assertThat(thrown.get().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(scene.capabilities.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void droppedAuthority_endsOpenStreams() throws InterruptedException {
    Iterator<StreamResponse> events =
        ServedScene.stub(connected()).sendStreamingMessage(ServedScene.send("wait"));
    assertThat(events.next().hasTask()).isTrue();
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    dropAuthority();

    await()
        .untilAsserted(
            () -> assertThatThrownBy(events::next).isInstanceOf(StatusRuntimeException.class));
  }

  @Test
  void withdrawnOwnSvid_closesEverything() {
    ManagedChannel idle = connected();
    scene.identity.withdraw("the Workload API took it back");
    expectClosed(idle);
  }

  @Test
  void expiredPeer_isCutOff_inTheMiddleOfItsConnection() {
    // On a busy machine a connection takes more of its peer's life.
    Optional<Instant> end = Optional.empty();
    for (long life = 2; end.isEmpty() && life < 60; life *= 4) {
      end = calledInALifeOf(life);
    }

    await().until(() -> scene.server.connections() == 0);
    assertThat(Instant.now()).isAfterOrEqualTo(end.orElseThrow());
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.noticed())
                    .anySatisfy(noticed -> assertThat(noticed.detail()).startsWith("expired")));
  }

  /** When the life of the peer ends, if it lived to be served. */
  private Optional<Instant> calledInALifeOf(long seconds) {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
    SwitchableIdentity brief =
        SwitchableIdentity.of(
            SvidMint.leaf(ServedScene.INGESTER)
                .valid(end.minusSeconds(99), end)
                .by(scene.authority),
            SwitchableIdentity.bundle("agentweave.io", scene.authority));
    ManagedChannel channel = scene.channel(ServedScene.clientContext(brief));
    try {
      var _ = ServedScene.stub(channel).sendMessage(ServedScene.send("echo"));
      return Optional.of(end);
    } catch (StatusRuntimeException tooLate) {
      return Optional.empty();
    }
  }

  @Test
  void rotatedSvid_underTheSameAuthority_failsNoCall_andOldConnectionsStay() {
    ManagedChannel channel = connected();
    for (int i = 0; i < 5; i++) {
      scene.identity.renew(
          SvidMint.leaf(ServedScene.SELF).by(scene.authority),
          SwitchableIdentity.bundle("agentweave.io", scene.authority));
      ServedScene.stub(channel).sendMessage(ServedScene.send("echo"));
      ServedScene.stub(connected()).sendMessage(ServedScene.send("echo"));
    }
    assertThat(scene.server.connections()).isEqualTo(6);
    assertThat(scene.audit.ended()).allMatch(ended -> ended.outcome().equals("completed"));
  }
}
