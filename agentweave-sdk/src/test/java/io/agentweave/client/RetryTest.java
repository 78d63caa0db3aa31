package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SwitchableIdentity;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryTest {
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
    return TaskResult.completed(new Part.DataPart(Payload.ofJson("{}")));
  }

  /** Refuses the first {@code times} requests. */
  private ScriptedPeer refusing(int times, RefusalKind kind, Duration retryAfter) {
    AtomicInteger count = new AtomicInteger();
    return ScriptedPeer.start(
        processor,
        request -> {
          if (count.incrementAndGet() <= times) {
            throw ScriptedPeer.refusal(kind, "because", retryAfter);
          }
          return done();
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = RefusalKind.class,
      names = {"OVERLOADED", "DRAINING", "POLICY_UNAVAILABLE", "AUDIT_UNAVAILABLE"})
  void refusalBeforeTheHandler_isTriedAgain(RefusalKind kind) {
    try (ScriptedPeer peer = refusing(2, kind, Duration.ZERO)) {
      assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      assertThat(peer.received()).hasSize(3);
      assertThat(caller.audit.ended().getFirst().detail()).isEqualTo("attempt 3");
      assertThat(caller.policy.asked()).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RefusalKind.class,
      names = {"OVERLOADED", "DRAINING", "POLICY_UNAVAILABLE", "AUDIT_UNAVAILABLE"},
      mode = EnumSource.Mode.EXCLUDE)
  void refusalThatMayHaveRun_isNotTriedAgain_andTellsWhatThePeerSaid(RefusalKind kind) {
    try (ScriptedPeer peer = refusing(1, kind, Duration.ZERO)) {
      assertThat(Caller.refusal(caller.call(peer.address())))
          .isInstanceOfSatisfying(
              Refusal.RefusedByPeer.class,
              r -> {
                assertThat(r.remoteKind()).isEqualTo(kind);
                assertThat(r.reason()).isEqualTo("because");
                assertThat(r.decisionId()).isEqualTo("decision-of-the-peer");
              });
      assertThat(peer.received()).hasSize(1);
    }
  }

  @Test
  void dependencyUnavailable_isTriedAgain_whenTheCallIsIdempotent() {
    try (ScriptedPeer peer = refusing(1, RefusalKind.DEPENDENCY_UNAVAILABLE, Duration.ZERO)) {
      CallRequest request = Caller.request(peer.address()).asIdempotent();
      assertThat(caller.client.call(request).word()).isEqualTo("completed");
      assertThat(peer.received()).hasSize(2);
    }
  }

  @Test
  void retryHint_isWaitedFor() {
    try (ScriptedPeer peer = refusing(1, RefusalKind.OVERLOADED, Duration.ofMillis(400))) {
      long start = System.nanoTime();
      assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    }
  }

  @Test
  void retryHintBeyondTheDeadline_isAnsweredAtOnce() {
    try (ScriptedPeer peer = refusing(1, RefusalKind.OVERLOADED, Duration.ofMinutes(10))) {
      long start = System.nanoTime();
      assertThat(Caller.refusal(caller.call(peer.address())))
          .isInstanceOfSatisfying(
              Refusal.RefusedByPeer.class,
              r -> assertThat(r.retryAfter()).isEqualTo(Duration.ofMinutes(10)));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Caller.TIMEOUT);
      assertThat(peer.received()).hasSize(1);
    }
  }

  @Test
  void attemptsAreLimited() {
    try (ScriptedPeer peer = refusing(10, RefusalKind.DRAINING, Duration.ZERO)) {
      assertThat(Caller.refusal(caller.call(peer.address())).kind())
          .isEqualTo(RefusalKind.REFUSED_BY_PEER);
      assertThat(peer.received()).hasSize(3);
      assertThat(caller.metrics())
          .contains("agentweave_call_retries_total{capability=\"process_event\"} 2");
    }
  }

  @Test
  void budget_keepsRetriesFromDoublingTheLoad() {
    try (ScriptedPeer peer = refusing(1000, RefusalKind.OVERLOADED, Duration.ZERO);
        Caller hasty =
            new Caller(self, Caller.transport(2, Duration.ofMillis(1), 1000, 100), Map.of())) {
      for (int i = 0; i < 100; i++) {
        hasty.call(peer.address());
      }
      assertThat(peer.received()).hasSizeBetween(115, 121);
    }
  }

  @Test
  void connectionThatBreaksBeforeTheRequestIsSent_isTriedAgain() {
    try (ScriptedPeer peer = ScriptedPeer.start(processor, request -> done());
        Relay relay = new Relay(peer.port());
        Caller patient =
            new Caller(self, Caller.transport(10, Duration.ofMillis(50), 1000, 100), Map.of())) {
      relay.breakNext(2);

      assertThat(patient.call(relay.address()).word()).isEqualTo("completed");
      assertThat(peer.received()).hasSize(1);
      assertThat(relay.accepted()).isEqualTo(3);
    }
  }

  @Test
  void connectionThatBreaksUnderTheCall_isTriedAgain_onlyWhenIdempotent() {
    AtomicInteger count = new AtomicInteger();
    Relay[] wire = new Relay[1];
    try (ScriptedPeer peer =
            ScriptedPeer.start(
                processor,
                request -> {
                  if (count.incrementAndGet() % 2 == 1) {
                    wire[0].cut();
                  }
                  return done();
                });
        Relay relay = new Relay(peer.port())) {
      wire[0] = relay;

      Refusal once = Caller.refusal(caller.call(relay.address()));
      assertThat(once.kind()).isEqualTo(RefusalKind.UNREACHABLE);
      assertThat(once.detail()).contains("broke before the answer came");
      assertThat(count).hasValue(1);
      count.set(0);

      CallOutcome<TaskResult> again =
          caller.client.call(Caller.request(relay.address()).asIdempotent());
      assertThat(again.word()).isEqualTo("completed");
      assertThat(count).hasValue(2);
    }
  }

  @Test
  void jitterIsFull_andItsBoundGrowsToTheMaximum() {
    var settings = new TransportSection.Retry(10, Duration.ofMillis(100), Duration.ofMillis(500));
    Random random = new Random(7);
    Backoff backoff = new Backoff(settings, () -> random);
    for (int attempt = 1; attempt <= 9; attempt++) {
      Duration bound = Duration.ofMillis(Math.min(500, 100L << (attempt - 1)));
      Duration least = bound;
      for (int i = 0; i < 200; i++) {
        Duration wait = backoff.afterAttempt(attempt, Duration.ZERO);
        assertThat(wait).isBetween(Duration.ZERO, bound);
        least = wait.compareTo(least) < 0 ? wait : least;
      }
      assertThat(least).isLessThan(bound.dividedBy(10));
    }
  }
}
