package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.SteadyClock;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that is back is found out by the first call that has the time to. */
class TargetBreakerTest {
  private static final CallOutcome<Object> TOO_LATE =
      new CallOutcome.Refused<>(new Refusal.DeadlineExceeded("no time left"));

  private static final CallOutcome<Object> ANSWERED = new CallOutcome.Answered<>("done", true);
  private static final CallOutcome<Object> GONE =
      new CallOutcome.Refused<>(new Refusal.Unreachable("connection refused"));

  private static final Duration JUST_OVER_A_SECOND = Duration.ofMillis(1001);

  private final AtomicReference<Instant> wall =
      new AtomicReference<>(Instant.parse("2026-05-01T12:00:00Z"));
  private final AtomicLong nanos = new AtomicLong();
  private final TargetBreaker breaker =
      new TargetBreaker(
          SpiffeId.parse("spiffe://agentweave.io/agent/processor"),
          new TransportSection.CircuitBreaker(2, Duration.ofSeconds(30)),
          new SteadyClock(wall::get, nanos::get),
          () -> {});

  @ParameterizedTest
  @ValueSource(longs = {-365, 365})
  void aWallClockThatIsSet_neitherOpensNorClosesTheCircuit(long days) {
    openIt();

    wall.set(wall.get().plus(Duration.ofDays(days)));
    assertThat(breaker.refusal()).as("it is as early as before").isPresent();
    pass(JUST_OVER_A_SECOND);
    assertThat(breaker.refusal()).as("its time has passed").isEmpty();
  }

  @Test
  void aTargetThatStaysAway_isTriedAfterEverLongerPauses_upToTheLongest() {
    openIt();

    for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      pass(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(breaker.refusal())
          .hasValueSatisfying(
              open ->
                  assertThat(((Refusal.Overloaded) open).retryAfter())
                      .isEqualTo(Duration.ofMillis(1)));
      pass(Duration.ofMillis(2));
      assertThat(breaker.refusal()).as("after %d s", seconds).isEmpty();
      breaker.record(GONE, Duration.ofMillis(1));
      assertThat(breaker.isOpen()).isTrue();
    }
  }

  @Test
  void aTargetThatCameBackAndWentAgain_isTriedAfterASecondOnceMore() {
    openIt();
    pass(JUST_OVER_A_SECOND);
    assertThat(breaker.refusal()).isEmpty();
    breaker.record(GONE, Duration.ofMillis(1));
    pass(JUST_OVER_A_SECOND.multipliedBy(2));
    assertThat(breaker.refusal()).isEmpty();
    breaker.record(ANSWERED, Duration.ofMillis(1));
    pass(Duration.ofSeconds(5));

    openIt();
    pass(JUST_OVER_A_SECOND);
    assertThat(breaker.refusal()).isEmpty();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aTrialWhoseOwnTimeIsOver_doesNotKeepTheCircuitOpen() {
    openIt();
    pass(JUST_OVER_A_SECOND);
    assertThat(breaker.refusal()).isEmpty();

    breaker.record(TOO_LATE, Duration.ofMillis(200));

    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.refusal()).as("the next one tries").isEmpty();
    assertThat(breaker.refusal()).as("one at a time").isPresent();
  }

  @Test
  void aTrialThatHadItsTime_keepsTheCircuitOpen() {
    openIt();
    pass(JUST_OVER_A_SECOND);
    assertThat(breaker.refusal()).isEmpty();

    breaker.record(TOO_LATE, Duration.ofSeconds(30));

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void callsInAHurry_doNotCloseATargetThatAnswersOthers() {
    assertThat(breaker.refusal()).isEmpty();
    breaker.record(ANSWERED, Duration.ofMillis(300));
    for (int i = 0; i < 10; i++) {
      assertThat(breaker.refusal()).as("after %d", i).isEmpty();
      breaker.record(TOO_LATE, Duration.ofMillis(200));
      pass(Duration.ofMillis(200));
    }

    pass(Duration.ofSeconds(5));
    openIt();
  }

  private void openIt() {
    for (int i = 0; i < 2; i++) {
      assertThat(breaker.refusal()).isEqualTo(Optional.empty());
      breaker.record(TOO_LATE, Duration.ofMillis(200));
    }
    assertThat(breaker.isOpen()).isTrue();
  }
}
