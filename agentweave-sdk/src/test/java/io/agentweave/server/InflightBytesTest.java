package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Deadline;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InflightBytesTest {
  private static final SpiffeId GREEDY = SpiffeId.parse("spiffe://agentweave.io/agent/greedy");
  private static final SpiffeId MODEST = SpiffeId.parse("spiffe://agentweave.io/agent/modest");

  private final InflightBytes inflight = new InflightBytes(1_000);

  @Test
  void greedyPeer_isStoppedAtItsShare_andTheOthersHaveRoom() {
    assertThat(inflight.add(GREEDY, 500)).isTrue();
    assertThat(inflight.add(GREEDY, 1)).isFalse();
    assertThat(inflight.add(MODEST, 499)).isTrue();
  }

  @Test
  void slot_givesEverythingBackOnce_whateverComesLater() {
    AtomicInteger left = new AtomicInteger();
    Slot slot =
        new Slot(
            Deadline.in(Duration.ofMinutes(1)), Optional.empty(), inflight, left::incrementAndGet);
    assertThat(slot.take(GREEDY, 400)).isTrue();
    assertThat(slot.take(GREEDY, 400)).isFalse();
    slot.giveBack();
    slot.giveBack();
    slot.take(GREEDY, 400);

    assertThat(inflight.total()).isZero();
    assertThat(inflight.peers()).isZero();
    assertThat(left).hasValue(1);
  }
}
