package io.agentweave.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  @Test
  void farthestTimeout_isADeadlineThatIsNotOver() {
    Deadline never = Deadline.in(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

    assertThat(never.isOver()).isFalse();
    assertThat(never.remaining()).isGreaterThan(Duration.ofDays(365 * 50));
    assertThat(never.capped(Duration.ofMinutes(1)).remaining()).isLessThan(Duration.ofMinutes(2));
    assertThat(Deadline.in(Duration.ofMinutes(1)).capped(Duration.ofSeconds(Long.MAX_VALUE)))
        .extracting(Deadline::remaining)
        .satisfies(left -> assertThat(left).isLessThan(Duration.ofMinutes(2)));
  }

  @Test
  void timeoutInThePast_isOver_howeverFar() {
    assertThat(Deadline.in(Duration.ofSeconds(Long.MIN_VALUE)).isOver()).isTrue();
    assertThat(Deadline.in(Duration.ZERO).isOver()).isTrue();
  }
}
