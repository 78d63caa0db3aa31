package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditEvent;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.CurrentCall;
import io.agentweave.call.Deadline;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SwitchableIdentity;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentSpan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundCallTest {
  private final Authority root = Authority.root("mesh");
  private final SwitchableIdentity self =
      SwitchableIdentity.of("spiffe://agentweave.io/agent/ingester", root);
  private final SwitchableIdentity processor =
      SwitchableIdentity.of("spiffe://agentweave.io/agent/processor", root);
  private final Caller caller = Caller.of(self);

  @AfterEach
  void close() {
    caller.close();
  }

  private static TaskResult done() {
    return TaskResult.completed(new Part.DataPart(Payload.ofJson("{\"status\":\"processed\"}")));
  }

  @Test
  void deniedByOwnPolicy_neverConnects() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Relay relay = new Relay(peer.port())) {
      caller.policy.revoke(Caller.SELF, "process_event");

      Refusal refusal = Caller.refusal(caller.call(relay.address()));

      assertThat(refusal.kind()).isEqualTo(RefusalKind.DENIED);
      assertThat(relay.accepted()).isZero();
      AuditEvent.Decided decided = caller.audit.decided().getFirst();
      assertThat(decided.decision()).isEqualTo("denied");
      assertThat(((Refusal.Denied) refusal).decisionId()).isEqualTo(decided.decisionId());
      assertThat(caller.audit.ended())
          .singleElement()
          .satisfies(
              ended -> {
                assertThat(ended.outcome()).isEqualTo("denied");
                assertThat(ended.decisionId()).isEqualTo(decided.decisionId());
              });
      assertThat(caller.metrics())
          .contains("agentweave_decisions_total{direction=\"outbound\",outcome=\"denied\"} 1");
    }
  }

  @Test
  void silentPolicyEngine_neverConnects_andIsAskedAgain() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Relay relay = new Relay(peer.port())) {
      caller.policy.silent("timeout");

      Refusal refusal = Caller.refusal(caller.call(relay.address()));

      assertThat(refusal.kind()).isEqualTo(RefusalKind.POLICY_UNAVAILABLE);
      assertThat(relay.accepted()).isZero();
      assertThat(caller.policy.asked()).hasSize(3);
      assertThat(caller.audit.ended().getFirst().detail()).startsWith("attempt 3: ");
    }
  }

  @Test
  void unwritableAudit_neverConnects() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Relay relay = new Relay(peer.port())) {
      caller.audit.broken(true);

      Refusal refusal = Caller.refusal(caller.call(relay.address()));

      assertThat(refusal.kind()).isEqualTo(RefusalKind.AUDIT_UNAVAILABLE);
      assertThat(relay.accepted()).isZero();
    }
  }

  @Test
  void wrongIdentityAtTheAddress_isRefusedByItsRule_andLearnsNothing() {
    SwitchableIdentity impostor =
        SwitchableIdentity.of("spiffe://agentweave.io/agent/storage", root);
    try (ScriptedPeer peer = ScriptedPeer.start(impostor, request -> done())) {
      Refusal refusal = Caller.refusal(caller.call(peer.address()));

      assertThat(refusal)
          .isInstanceOfSatisfying(
              Refusal.Unauthenticated.class, r -> assertThat(r.rule()).isEqualTo("unexpected_id"));
      assertThat(peer.received()).isEmpty();
      assertThat(caller.audit.decided()).hasSize(1);
      assertThat(caller.metrics())
          .contains("agentweave_handshakes_refused_total{direction=\"outbound\"");
    }
  }

  @Test
  void serverThatAgreesOnNoProtocol_hearsNothing() throws Exception {
    // With TLS done and the client's preface not sent, all that is left to hear is the end.
    List<Integer> heard = new CopyOnWriteArrayList<>();
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> listenWithoutAlpn(listening, heard));

      Refusal refusal = Caller.refusal(caller.call("127.0.0.1:" + listening.getLocalPort()));

      assertThat(refusal.kind()).isEqualTo(RefusalKind.UNREACHABLE);
    }
    await().untilAsserted(() -> assertThat(heard).isNotEmpty().containsOnly(-1));
  }

  private void listenWithoutAlpn(ServerSocket listening, List<Integer> heard) {
    while (!listening.isClosed()) {
      try (Socket accepted = listening.accept();
          SSLSocket tls =
              (SSLSocket)
                  processor
                      .current()
                      .serverContext(rejected -> {})
                      .getSocketFactory()
                      .createSocket(accepted, null, true)) {
        heard.add(tls.getInputStream().read());
      } catch (IOException e) {
        // The test is over, or the client hung up in the middle.
      }
    }
  }

  @Test
  void authorityThatIsNotTrusted_isRefusedByItsRule() {
    SwitchableIdentity stranger =
        SwitchableIdentity.of(
            "spiffe://agentweave.io/agent/processor", Authority.root("another mesh"));
    try (ScriptedPeer peer = ScriptedPeer.start(stranger, request -> done())) {
      assertThat(Caller.refusal(caller.call(peer.address())))
          .isInstanceOfSatisfying(
              Refusal.Unauthenticated.class, r -> assertThat(r.rule()).isEqualTo("untrusted_path"));
      assertThat(peer.received()).isEmpty();
    }
  }

  @Test
  void peerThatDoesNotTrustTheCaller_isSaidSo() {
    Authority other = Authority.root("another mesh");
    SwitchableIdentity stranger =
        SwitchableIdentity.of(
            io.agentweave.identity.SvidMint.leaf("spiffe://agentweave.io/agent/processor").by(root),
            SwitchableIdentity.bundle("agentweave.io", other));
    try (ScriptedPeer peer = ScriptedPeer.start(stranger, request -> done())) {
      Refusal refusal = Caller.refusal(caller.call(peer.address()));

      assertThat(refusal.detail()).contains("does not accept this agent's SVID");
      assertThat(refusal)
          .isInstanceOfSatisfying(
              Refusal.RefusedByPeer.class,
              r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.UNAUTHENTICATED));
      assertThat(peer.received()).isEmpty();
    }
  }

  @Test
  void unusableOwnSvid_neverConnects() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Relay relay = new Relay(peer.port())) {
      self.withdraw("the Workload API withdrew it");

      Refusal refusal = Caller.refusal(caller.call(relay.address()));

      assertThat(refusal)
          .isInstanceOfSatisfying(
              Refusal.DependencyUnavailable.class,
              r -> assertThat(r.dependency()).isEqualTo("identity"));
      assertThat(relay.accepted()).isZero();
    }
  }

  @Test
  void permittedCall_arrivesWithPayloadCapabilityVersionTraceAndTime() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done())) {
      long before = System.nanoTime();
      CallOutcome<TaskResult> outcome = caller.call(peer.address());
      Duration elapsed = Duration.ofNanos(System.nanoTime() - before);

      assertThat(outcome.word()).isEqualTo("completed");
      ScriptedPeer.Received arrived = peer.received().getFirst();
      assertThat(arrived.capability()).isEqualTo("process_event");
      assertThat(new String(arrived.payload().bytes(), StandardCharsets.UTF_8))
          .isEqualTo("{\"event\":1}");
      assertThat(arrived.header("a2a-version")).isEqualTo("1.0");
      assertThat(arrived.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
      assertThat(arrived.timeLeft())
          .isBetween(Caller.TIMEOUT.minus(elapsed).minusSeconds(1), Caller.TIMEOUT);
      assertThat(caller.audit.events()).hasSize(2);
      assertThat(caller.audit.ended().getFirst().outcome()).isEqualTo("completed");
      assertThat(caller.audit.decided().getFirst().subject().trace()).isNotNull();
      assertThat(caller.policy.asked().getFirst().callee()).isEqualTo(Caller.TARGET);
      assertThat(caller.metrics())
          .contains(
              "agentweave_calls_total{capability=\"process_event\",direction=\"outbound\","
                  + "outcome=\"completed\"} 1");
    }
  }

  @Test
  void whatOthersNotedAboutTheTrace_goesOnUnchanged() {
    TraceContext noted = new TraceContext("1".repeat(32), "2".repeat(16), true, "rojo=1,congo=2 3");
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        ActiveSpan served = caller.telemetry.span(AgentSpan.HANDLER, noted)) {
      assertThat(served.context().traceId()).isEqualTo(noted.traceId());
      caller.call(peer.address());

      ScriptedPeer.Received arrived = peer.received().getFirst();
      assertThat(arrived.header("traceparent")).contains(noted.traceId());
      assertThat(arrived.header("tracestate")).isEqualTo("rojo=1,congo=2 3");
    }
  }

  @Test
  void failedTask_isAnAnswer_andIsNotTriedAgain() {
    try (ScriptedPeer peer =
        ScriptedPeer.start(processor, request -> TaskResult.failed("no such user"))) {
      CallOutcome<TaskResult> outcome = caller.call(peer.address());

      assertThat(outcome)
          .isInstanceOfSatisfying(
              CallOutcome.Answered.class,
              answered -> {
                assertThat(answered.completed()).isFalse();
                assertThat(((TaskResult) answered.reply()).error()).isEqualTo("no such user");
              });
      assertThat(peer.received()).hasSize(1);
    }
  }

  @Test
  void manyCalls_shareOneConnection() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done())) {
      for (int i = 0; i < 20; i++) {
        assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      }
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void connectionRefused_saysSo() {
    ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
    String address = peer.address();
    peer.close();

    Refusal refusal = Caller.refusal(caller.call(address));

    assertThat(refusal.kind()).isEqualTo(RefusalKind.UNREACHABLE);
    assertThat(refusal.detail()).contains("connection refused").contains(address);
  }

  @Test
  void nameThatNobodyKnows_saysSo_withTheTemplatesName() {
    Refusal refusal =
        Caller.refusal(
            caller.client.call(Caller.TARGET, "process_event", Payload.empty(), Caller.TIMEOUT));

    assertThat(refusal.kind()).isEqualTo(RefusalKind.UNREACHABLE);
    assertThat(refusal.detail()).contains("the name processor.invalid can't be resolved");
  }

  @Test
  void staticDiscovery_goesBeforeTheTemplate() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Caller configured =
            new Caller(self, Caller.PATIENT, Map.of(Caller.TARGET.toString(), peer.address()))) {
      assertThat(
              configured
                  .client
                  .call(Caller.TARGET, "process_event", Payload.empty(), Caller.TIMEOUT)
                  .word())
          .isEqualTo("completed");
    }
  }

  @Test
  void deadlineOfTheInboundCall_capsTheTimeout() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done())) {
      CurrentCall inbound = new CurrentCall("inbound", Deadline.in(Duration.ofMinutes(1)));

      CallOutcome<TaskResult> outcome = inbound.during(() -> caller.call(peer.address()));

      assertThat(outcome.word()).isEqualTo("completed");
      assertThat(peer.received().getFirst().timeLeft()).isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void deadlineThatIsOver_neverConnects_andNeverAsksPolicy() {
    CurrentCall inbound = new CurrentCall("inbound", Deadline.in(Duration.ZERO));

    Refusal refusal = Caller.refusal(inbound.during(() -> caller.call("127.0.0.1:1")));

    assertThat(refusal.kind()).isEqualTo(RefusalKind.DEADLINE_EXCEEDED);
    assertThat(caller.policy.asked()).isEmpty();
    assertThat(caller.audit.ended()).hasSize(1);
  }

  @Test
  void peerThatIsTooSlow_isDeadlineExceeded_andIsNotTriedAgain() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    int arrived = 0;
    // On a busy machine it takes more time to arrive at all.
    for (Duration timeout = Duration.ofMillis(300);
        arrived == 0 && timeout.compareTo(Caller.TIMEOUT) < 0;
        timeout = timeout.multipliedBy(4)) {
      try (ScriptedPeer peer =
          ScriptedPeer.start(
              processor,
              request -> {
                awaitQuietly(never);
                return done();
              })) {
        CallRequest request =
            CallRequest.of(Caller.TARGET, "process_event", Payload.empty(), timeout)
                .at(peer.address());

        Refusal refusal = Caller.refusal(caller.client.call(request));

        assertThat(refusal.kind()).isEqualTo(RefusalKind.DEADLINE_EXCEEDED);
        arrived = peer.received().size();
      }
    }
    assertThat(arrived).isEqualTo(1);
    never.countDown();
  }

  @Test
  void interruptedCaller_givesUpAtOnce() throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            processor,
            request -> {
              arrived.countDown();
              awaitQuietly(never);
              return done();
            })) {
      AtomicReference<CallOutcome<TaskResult>> outcome = new AtomicReference<>();
      Thread thread = Thread.ofVirtual().start(() -> outcome.set(caller.call(peer.address())));
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

      thread.interrupt();

      assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
      assertThat(Caller.refusal(outcome.get()).kind()).isEqualTo(RefusalKind.CANCELLED);
      never.countDown();
    }
  }

  @Test
  void addressThatIsNone_isInvalid_withoutShowingIt() {
    for (String address : List.of("nowhere", "host:0", "host:65536", "a b:1", "h:", ":1")) {
      Refusal refusal = Caller.refusal(caller.call(address));
      assertThat(refusal.kind()).as(address).isEqualTo(RefusalKind.INVALID);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
