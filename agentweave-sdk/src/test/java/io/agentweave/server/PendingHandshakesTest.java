package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingHandshakesTest {
  private final PendingHandshakes pending = new PendingHandshakes(3);
  private final List<String> ended = new ArrayList<>();

  private Runnable knock(String address, String name) {
    Runnable abandon = () -> ended.add(name);
    pending.add(address, abandon).ifPresent(Runnable::run);
    return abandon;
  }

  @Test
  void addressWithMost_makesRoomWithItsOldest() {
    knock("a", "a1");
    knock("b", "b1");
    knock("b", "b2");
    knock("b", "b3");
    knock("b", "b4");
    assertThat(ended).containsExactly("b1", "b2");
    assertThat(pending.size()).isEqualTo(3);
  }

  @Test
  void endedHandshakes_takeNoRoom_howeverOftenTheyEnd() {
    Runnable first = knock("a", "a1");
    pending.remove("a", first);
    pending.remove("a", first);
    pending.remove("b", first);
    assertThat(pending.size()).isZero();
    knock("a", "a2");
    knock("a", "a3");
    knock("a", "a4");
    assertThat(ended).isEmpty();
  }
}
