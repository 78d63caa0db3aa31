package io.agentweave.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.Deadline;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final SpiffeId ALICE = SpiffeId.parse("spiffe://agentweave.io/agent/alice");
  private static final SpiffeId BOB = SpiffeId.parse("spiffe://agentweave.io/agent/bob");
  private static final Duration MAX_WAIT = Duration.ofMillis(50);
  private static final int FAST = 1_000_000;

  private final AtomicLong nanoTime = new AtomicLong();

  private AdmissionControl control(int agent, Map<String, Integer> actions, int peer, int rate) {
    return new SemaphoreAdmission(
        new AdmissionLimits(
            agent, actions, peer, rate, Map.of("operator", 1), Set.of("ping"), MAX_WAIT),
        nanoTime::get);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(10));
  }

  private static Ticket admitted(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    return ((Admission.Admitted) admission).ticket();
  }

  private static Refusal.Overloaded turnedAway(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.TurnedAway.class);
    return ((Admission.TurnedAway) admission).refusal();
  }

  @Test
  void anActionWithoutALimit_isRefusedAtTheStartAndLater() {
    AdmissionControl control = control(10, Map.of("a", 2), 5, FAST);

    assertThatThrownBy(() -> control.expectLimitsFor(List.of("c", "a", "ping", "b")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no concurrency limit for: b, c");
    assertThatThrownBy(() -> control.admit("b", ALICE, null, soon()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> control.permitsInUse("b")).isInstanceOf(IllegalStateException.class);
    control.expectLimitsFor(List.of("a", "ping"));
  }

  @Test
  void limitsThatMakeNoSense_areNamed() {
    assertThatThrownBy(() -> control(0, Map.of(), 1, 1))
        .hasMessageContaining("agent's concurrency");
    assertThatThrownBy(() -> control(1, Map.of(), 0, 1)).hasMessageContaining("per peer");
    assertThatThrownBy(() -> control(1, Map.of(), 1, 0)).hasMessageContaining("per second");
    assertThatThrownBy(() -> control(4, Map.of("a", 0), 1, 1)).hasMessageContaining("of a must");
    assertThatThrownBy(() -> control(4, Map.of("ping", 1), 1, 1)).hasMessageContaining("[ping]");
  }

  @Test
  void oneOfSeveralActions_mayNotHaveAllPlaces() {
    assertThatThrownBy(() -> control(4, Map.of("a", 4, "b", 1), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no action may take all 4 places");
    control(4, Map.of("a", 4), 1, 1).expectLimitsFor(List.of("a"));
  }

  @Test
  void theAgentsPlaces_areGivenOutAtOnceOrNot() {
    AdmissionControl control = control(2, Map.of("a", 1, "b", 1), 5, FAST);
    Ticket first = admitted(control.enter("a"));
    admitted(control.enter("b"));

    Refusal.Overloaded refusal = turnedAway(control.enter("a"));

    assertThat(refusal.limit()).isEqualTo("agent_concurrency");
    assertThat(refusal.retryAfter()).isPositive();
    assertThat(control.permitsInUse()).isEqualTo(2);
    first.end();
    assertThat(control.permitsInUse()).isEqualTo(1);
    admitted(control.enter("unheard_of"));
  }

  @Test
  void whoFindsNoPlaceOfTheAction_isTurnedAwayAfterTheWait() {
    AdmissionControl control = control(10, Map.of("a", 1, "b", 1), 5, FAST);
    admitted(control.admit("a", ALICE, null, soon()));

    long before = System.nanoTime();
    Refusal.Overloaded refusal = turnedAway(control.admit("a", BOB, null, soon()));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(MAX_WAIT);
    assertThat(refusal.limit()).isEqualTo("capability_concurrency");
    assertThat(refusal.retryAfter()).isPositive();
    assertThat(control.permitsInUse("a")).isEqualTo(1);
    admitted(control.admit("b", BOB, null, soon()));
  }

  @Test
  void nobodyWaitsPastHisDeadline() {
    AdmissionControl control =
        new SemaphoreAdmission(
            new AdmissionLimits(
                10, Map.of("a", 1), 5, FAST, Map.of(), Set.of(), Duration.ofMinutes(10)),
            nanoTime::get);
    admitted(control.admit("a", ALICE, null, soon()));

    long before = System.nanoTime();
    turnedAway(control.admit("a", BOB, null, Deadline.in(Duration.ofMillis(20))));
    turnedAway(control.admit("a", BOB, null, Deadline.in(Duration.ofMillis(-1))));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aPlaceThatComesFreeInTime_isTaken() throws Exception {
    AdmissionControl control =
        new SemaphoreAdmission(
            new AdmissionLimits(
                10, Map.of("a", 1), 5, FAST, Map.of(), Set.of(), Duration.ofMinutes(10)),
            nanoTime::get);
    Ticket held = admitted(control.admit("a", ALICE, null, soon()));
    AtomicInteger started = new AtomicInteger();
    CompletableFuture<Admission> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              started.incrementAndGet();
              return control.admit("a", BOB, null, soon());
            });
    await().until(() -> started.get() == 1);

    held.end();

    admitted(waiting.get()).end();
    assertThat(control.permitsInUse("a")).isZero();
  }

  @Test
  void anInterruptedThread_isTurnedAwayAndStaysInterrupted() {
    AdmissionControl control = control(10, Map.of("a", 1), 5, FAST);
    admitted(control.admit("a", ALICE, null, soon()));
    Thread.currentThread().interrupt();

    turnedAway(control.admit("a", BOB, null, soon()));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void onePeer_cannotTakeAllPlaces_andIsToldAtOnce() {
    AdmissionControl control = control(10, Map.of("a", 4, "b", 4), 3, FAST);
    for (int i = 0; i < 3; i++) {
      admitted(control.admit(i % 2 == 0 ? "a" : "b", ALICE, null, soon()));
    }

    assertThat(turnedAway(control.admit("b", ALICE, null, soon())).limit())
        .isEqualTo("peer_concurrency");
    admitted(control.admit("b", BOB, null, soon()));
  }

  @Test
  void whoIsTurnedAway_leavesNothingBehind() {
    AdmissionControl control = control(10, Map.of("a", 1), 2, FAST);
    Ticket held = admitted(control.admit("a", ALICE, null, soon()));
    for (int i = 0; i < 3; i++) {
      assertThat(turnedAway(control.admit("a", ALICE, null, soon())).limit())
          .as("the share taken on the way in was given back")
          .isEqualTo("capability_concurrency");
    }
    held.end();

    admitted(control.admit("a", ALICE, null, soon()));
    assertThat(control.permitsInUse("a")).isEqualTo(1);
  }

  @Test
  void aPeerFasterThanItsRate_isTurnedAwayUntilTheBucketFills() {
    AdmissionControl control = control(10, Map.of("a", 5), 5, 2);
    for (int i = 0; i < 2; i++) {
      admitted(control.admit("a", ALICE, null, soon())).end();
    }

    Refusal.Overloaded refusal = turnedAway(control.admit("a", ALICE, null, soon()));
    assertThat(refusal.limit()).isEqualTo("peer_rate");
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(500));
    admitted(control.admit("a", BOB, null, soon())).end();

    nanoTime.addAndGet(refusal.retryAfter().toNanos() - 1);
    turnedAway(control.admit("a", ALICE, null, soon()));
    nanoTime.incrementAndGet();
    admitted(control.admit("a", ALICE, null, soon()));
  }

  @Test
  void aRateClass_hasARateOfItsOwn_andAnUnknownOneTheOrdinary() {
    AdmissionControl control = control(10, Map.of("a", 8), 8, 3);
    admitted(control.admit("a", ALICE, "operator", soon()));
    turnedAway(control.admit("a", ALICE, "operator", soon()));

    for (String rateClass : List.of("x", "y", "z")) {
      admitted(control.admit("a", ALICE, rateClass, soon()));
    }
    assertThat(turnedAway(control.admit("a", ALICE, "another", soon())).limit())
        .as("a new class is no new bucket")
        .isEqualTo("peer_rate");
  }

  @Test
  void exemptActions_passAFullAgent_andTakeNoPlace() {
    AdmissionControl control = control(1, Map.of("a", 1), 1, 1);
    admitted(control.enter("a"));
    admitted(control.admit("a", ALICE, null, soon()));

    for (int i = 0; i < 10; i++) {
      admitted(control.enter("ping"));
      admitted(control.admit("ping", ALICE, null, soon()));
    }
    assertThat(control.permitsInUse()).isEqualTo(1);
    assertThat(control.permitsInUse("ping")).isZero();
  }

  @Test
  void aTicket_endsOnce() {
    AdmissionControl control = control(10, Map.of("a", 2), 2, FAST);
    for (Ticket ticket :
        List.of(
            admitted(control.enter("a")),
            admitted(control.admit("a", ALICE, null, soon())),
            admitted(control.admit("ping", ALICE, null, soon())))) {
      ticket.end();
      assertThatThrownBy(() -> ticket.end()).isInstanceOf(IllegalStateException.class);
    }
    assertThat(control.permitsInUse()).isZero();
    assertThat(control.permitsInUse("a")).isZero();
  }

  @Test
  void underManyThreads_noLimitIsPassed_andAllPlacesComeBack() throws Exception {
    AdmissionControl control = control(8, Map.of("a", 4, "b", 4), 3, FAST);
    AtomicInteger inA = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int thread = 0; thread < 32; thread++) {
      SpiffeId peer = SpiffeId.parse("spiffe://agentweave.io/agent/p" + thread % 5);
      work.add(
          () -> {
            int served = 0;
            for (int i = 0; i < 200; i++) {
              if (control.admit("a", peer, null, soon())
                  instanceof Admission.Admitted(var ticket)) {
                most.accumulateAndGet(inA.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                inA.decrementAndGet();
                ticket.end();
                served++;
              }
            }
            return served;
          });
    }
    int served = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : threads.invokeAll(work)) {
        served += result.get();
      }
    }

    assertThat(served).isPositive();
    assertThat(most.get()).isBetween(1, 4);
    assertThat(control.permitsInUse("a")).isZero();
    for (int i = 0; i < 3; i++) {
      admitted(control.admit("a", ALICE, null, soon()));
    }
  }

  @Test
  void aFloodOfOneAction_leavesPlacesForTheOthers() throws Exception {
    AdmissionControl control =
        new SemaphoreAdmission(
            new AdmissionLimits(
                16,
                Map.of("flooded", 4, "quiet", 4),
                16,
                FAST,
                Map.of(),
                Set.of(),
                Duration.ofMinutes(10)),
            nanoTime::get);
    List<Ticket> held = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      held.add(admitted(control.enter("flooded")));
      held.add(admitted(control.admit("flooded", ALICE, null, soon())));
    }
    AtomicInteger turnedAway = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        threads.execute(
            () -> {
              if (control.enter("flooded") instanceof Admission.Admitted(var place)) {
                switch (control.admit("flooded", ALICE, null, soon())) {
                  case Admission.Admitted(var ticket) -> ticket.end();
                  case Admission.TurnedAway away -> turnedAway.incrementAndGet();
                }
                place.end();
              } else {
                turnedAway.incrementAndGet();
              }
            });
      }
      await().until(() -> turnedAway.get() >= 96);

      assertThat(control.permitsInUse()).as("as many wait as have a place").isEqualTo(8);
      Ticket entered = admitted(control.enter("quiet"));
      admitted(control.admit("quiet", BOB, null, soon())).end();
      entered.end();
      held.forEach(ticket -> ticket.end());
    }
    assertThat(turnedAway).hasValue(96);
    assertThat(control.permitsInUse()).isZero();
  }

  @Test
  void peersThatAreTracked_areBounded() {
    PeerRates rates = new PeerRates(FAST, Map.of(), nanoTime::get);
    PeerShares shares = new PeerShares(1);
    for (int i = 0; i < PeerRates.MAX_BUCKETS + 500; i++) {
      SpiffeId peer = SpiffeId.parse("spiffe://agentweave.io/agent/p" + i);
      rates.refusal(peer, null);
      shares.take(peer);
      shares.giveBack(peer);
    }

    assertThat(rates.size()).isLessThanOrEqualTo(PeerRates.MAX_BUCKETS);
    assertThat(shares.peers()).isZero();
  }
}
