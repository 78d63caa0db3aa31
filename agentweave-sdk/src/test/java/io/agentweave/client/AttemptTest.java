package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptTest {
  private final Attempt attempt = new Attempt(null, 1);

  @Test
  void withoutAConnection_nobodyTurnedItAway() {
    assertThat(attempt.turnedAway()).isFalse();
    assertThat(attempt.mayHaveRun()).isFalse();
  }

  @Test
  void connectionThatEndsBeforeItIsSent_turnedItAway() {
    attempt.markConnected();
    assertThat(attempt.turnedAway()).isTrue();
    assertThat(attempt.mayHaveRun()).isFalse();
  }

  @Test
  void sent_mayHaveRun() {
    attempt.markConnected();
    attempt.markSent();
    assertThat(attempt.turnedAway()).isFalse();
    assertThat(attempt.mayHaveRun()).isTrue();
  }

  @Test
  void sentAndRefusedUnread_wasTurnedAway() {
    attempt.markConnected();
    attempt.markSent();
    attempt.markRefusedUnread();
    assertThat(attempt.turnedAway()).isTrue();
    assertThat(attempt.mayHaveRun()).isFalse();
  }
}
