package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A target that is back is found out by the first call that has the time to. */
class TargetBreakerTest {
  private static final CallOutcome<Object> TOO_LATE =
      new CallOutcome.Refused<>(new Refusal.DeadlineExceeded("no time left"));

  private final TargetBreaker breaker =
      new TargetBreaker(
          SpiffeId.parse("spiffe://agentweave.io/agent/processor"),
          new TransportSection.CircuitBreaker(2, Duration.ofMillis(50)),
          () -> {});

  @Test
  void aTrialWhoseOwnTimeIsOver_doesNotKeepTheCircuitOpen() {
    openIt();
    await().until(() -> breaker.refusal().isEmpty());

    breaker.record(TOO_LATE, Duration.ofMillis(200));

    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.refusal()).as("the next one tries").isEmpty();
    assertThat(breaker.refusal()).as("one at a time").isPresent();
  }

  @Test
  void aTrialThatHadItsTime_keepsTheCircuitOpen() {
    openIt();
    await().until(() -> breaker.refusal().isEmpty());

    breaker.record(TOO_LATE, Duration.ofSeconds(30));

    assertThat(breaker.isOpen()).isTrue();
  }

  private void openIt() {
    for (int i = 0; i < 2; i++) {
      assertThat(breaker.refusal()).isEqualTo(Optional.empty());
      breaker.record(TOO_LATE, Duration.ofMillis(200));
    }
    assertThat(breaker.isOpen()).isTrue();
  }
}
