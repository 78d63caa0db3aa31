package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SvidMint;
import io.agentweave.identity.SwitchableIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static final String SELF = "spiffe://agentweave.io/agent/ingester";

  private final Authority root = Authority.root("mesh");
  private final SwitchableIdentity self = SwitchableIdentity.of(SELF, root);
  private final SwitchableIdentity processor =
      SwitchableIdentity.of("spiffe://agentweave.io/agent/processor", root);
  private final Caller caller = Caller.of(self);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    gate.countDown();
    threads.shutdownNow();
    caller.close();
  }

  private static TaskResult done() {
    return TaskResult.completed(new Part.DataPart(Payload.ofJson("{}")));
  }

  private TaskResult slow(ScriptedPeer.Received request) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return done();
  }

  private void rotate() {
    self.renew(SvidMint.leaf(SELF).by(root), SwitchableIdentity.bundle("agentweave.io", root));
  }

  @Test
  void hundredRotationsUnder64Callers_failNoCall() throws Exception {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done())) {
      AtomicBoolean over = new AtomicBoolean();
      List<Future<List<String>>> callers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        callers.add(threads.submit(callUntil(over, peer.address())));
      }
      for (int i = 0; i < 100; i++) {
        int before = peer.connections();
        rotate();
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> peer.connections() > before);
      }
      over.set(true);
      for (Future<List<String>> result : callers) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isNotEmpty().containsOnly("completed");
      }
      assertThat(caller.audit.ended()).allMatch(ended -> ended.detail().isEmpty());
    }
  }

  private Callable<List<String>> callUntil(AtomicBoolean over, String address) {
    return () -> {
      List<String> words = new ArrayList<>();
      while (!over.get()) {
        words.add(caller.call(address).word());
      }
      return words;
    };
  }

  @Test
  void rotation_letsCallsUnderWayFinish_whileNewOnesUseTheNewSvid() throws Exception {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            processor, request -> request.payload().size() > 11 ? slow(request) : done())) {
      Future<CallOutcome<TaskResult>> underWay =
          threads.submit(
              () ->
                  caller.client.call(
                      CallRequest.of(
                              Caller.TARGET,
                              "process_event",
                              Payload.ofJson("{\"slow\":\"yes\"}"),
                              Caller.TIMEOUT)
                          .at(peer.address())));
      await().until(() -> peer.received().size() == 1);

      rotate();

      assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      assertThat(peer.connections()).isEqualTo(2);
      gate.countDown();
      assertThat(underWay.get(60, TimeUnit.SECONDS).word()).isEqualTo("completed");
      await()
          .untilAsserted(
              () ->
                  assertThat(caller.metrics())
                      .contains("agentweave_connections{direction=\"outbound\"} 1"));
    }
  }

  @Test
  void authorityDroppedFromTheBundle_endsCallsUnderWayAtOnce() throws Exception {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, this::slow)) {
      Future<CallOutcome<TaskResult>> underWay = threads.submit(() -> caller.call(peer.address()));
      await().until(() -> peer.received().size() == 1);
      Authority next = Authority.root("next");

      self.renew(SvidMint.leaf(SELF).by(next), SwitchableIdentity.bundle("agentweave.io", next));
      // Before whoever renews goes on: no patrol has to come by first.
      assertThat(caller.metrics()).contains("agentweave_connections_withdrawn_total 1");

      Refusal refusal = Caller.refusal(underWay.get(60, TimeUnit.SECONDS));
      assertThat(refusal)
          .isInstanceOfSatisfying(
              Refusal.Unauthenticated.class,
              r -> assertThat(r.rule()).isEqualTo("no_longer_trusted"));
      assertThat(refusal.detail()).contains("untrusted_path");
    }
  }

  @Test
  void ownSvidWithdrawn_endsCallsUnderWay() throws Exception {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, this::slow)) {
      Future<CallOutcome<TaskResult>> underWay = threads.submit(() -> caller.call(peer.address()));
      await().until(() -> peer.received().size() == 1);

      self.withdraw("redacted");

      assertThat(Caller.refusal(underWay.get(60, TimeUnit.SECONDS)).kind())
          .isEqualTo(RefusalKind.UNAUTHENTICATED);
    }
  }

  @Test
  void peerWhoseSvidExpires_isLeftAtThatMoment() throws Exception {
    boolean arrived = false;
    // On a busy machine a call takes more time to arrive at all.
    for (long life = 2; !arrived && life < 60; life *= 4) {
      Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(life);
      SwitchableIdentity shortLived =
          SwitchableIdentity.of(
              SvidMint.leaf(Caller.TARGET.toString()).valid(end.minusSeconds(99), end).by(root),
              SwitchableIdentity.bundle("agentweave.io", root));
      try (ScriptedPeer peer = ScriptedPeer.start(shortLived, this::slow)) {
        // Far from its deadline.
        Refusal refusal = Caller.refusal(caller.call(peer.address()));

        assertThat(refusal.detail()).contains("expired");
        assertThat(Instant.now()).isAfterOrEqualTo(end);
        assertThat(caller.call(peer.address())).isInstanceOf(CallOutcome.Refused.class);
        arrived = !peer.received().isEmpty();
      }
    }
    assertThat(arrived).isTrue();
  }

  @Test
  void circuitOpensAfterFailuresInARow_sparesTheTarget_andClosesAgain() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Relay relay = new Relay(peer.port());
        Caller fragile =
            new Caller(self, Caller.transport(1, Duration.ofMillis(1), 3, 10), Map.of())) {
      relay.breakNext(1000);
      for (int i = 0; i < 3; i++) {
        assertThat(Caller.refusal(fragile.call(relay.address())).kind())
            .isEqualTo(RefusalKind.UNREACHABLE);
      }
      // On a busy machine a call may come when the next trial is due already.
      await()
          .untilAsserted(
              () -> {
                int before = relay.accepted();
                assertThat(Caller.refusal(fragile.call(relay.address())))
                    .isInstanceOfSatisfying(
                        Refusal.Overloaded.class,
                        r -> {
                          assertThat(r.limit()).isEqualTo("circuit_breaker");
                          assertThat(r.retryAfter())
                              .isBetween(Duration.ofNanos(1), Duration.ofMillis(300));
                        });
                assertThat(relay.accepted()).isEqualTo(before);
              });
      assertThat(fragile.metrics()).contains("agentweave_circuits_open 1");
      relay.breakNext(0);
      await().until(() -> fragile.call(relay.address()).word().equals("completed"));
      assertThat(fragile.metrics()).contains("agentweave_circuits_open 0");
    }
  }

  @Test
  void refusalsAndFailedTasks_leaveTheCircuitClosed() {
    try (ScriptedPeer peer =
            ScriptedPeer.start(
                processor,
                request -> {
                  throw ScriptedPeer.refusal(RefusalKind.BROKEN, "bug", Duration.ZERO);
                });
        Caller fragile =
            new Caller(self, Caller.transport(1, Duration.ofMillis(1), 3, 10), Map.of())) {
      for (int i = 0; i < 10; i++) {
        assertThat(Caller.refusal(fragile.call(peer.address())).kind())
            .isEqualTo(RefusalKind.REFUSED_BY_PEER);
      }
    }
  }

  @Test
  void deniedCalls_leaveTheCircuitClosed() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Caller fragile =
            new Caller(self, Caller.transport(1, Duration.ofMillis(1), 1, 10), Map.of())) {
      fragile.policy.revoke(Caller.SELF, "process_event");
      fragile.call(peer.address());
      fragile.call(peer.address());
      fragile.policy.allow(Caller.SELF, "process_event");
      assertThat(fragile.call(peer.address()).word()).isEqualTo("completed");
    }
  }

  @Test
  void fullPool_refusesANewTarget_unlessAConnectionIsIdle() throws Exception {
    try (ScriptedPeer busy = ScriptedPeer.start(processor, this::slow);
        ScriptedPeer other = ScriptedPeer.start(processor, request -> done());
        Caller small =
            new Caller(self, Caller.transport(1, Duration.ofMillis(1), 10, 1), Map.of())) {
      Future<CallOutcome<TaskResult>> underWay = threads.submit(() -> small.call(busy.address()));
      await().until(() -> busy.received().size() == 1);

      assertThat(Caller.refusal(small.call(other.address())))
          .isInstanceOfSatisfying(
              Refusal.Overloaded.class, r -> assertThat(r.limit()).isEqualTo("max_connections"));

      gate.countDown();
      assertThat(underWay.get(60, TimeUnit.SECONDS).word()).isEqualTo("completed");
      await().until(() -> small.call(other.address()).word().equals("completed"));
    }
  }

  @Test
  void closedClient_refuses_andEndsItsConnections() throws ExecutionException {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done())) {
      assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      caller.client.close();
      assertThat(Caller.refusal(caller.call(peer.address())).kind())
          .isEqualTo(RefusalKind.DRAINING);
      assertThat(caller.metrics()).contains("agentweave_connections{direction=\"outbound\"} 0");
    }
  }
}
