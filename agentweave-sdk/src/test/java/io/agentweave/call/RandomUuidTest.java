package io.agentweave.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class RandomUuidTest {

  @Test
  void isOfVersion4AndOfTheUsualVariant() {
    for (int i = 0; i < 1000; i++) {
      UUID id = UUID.fromString(RandomUuid.next());
      assertThat(id.version()).isEqualTo(4);
      assertThat(id.variant()).isEqualTo(2);
    }
  }

  @Test
  void drawnByManyThreads_noneComesTwice() throws InterruptedException {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.startVirtualThread(
              () -> {
                for (int n = 0; n < 1000; n++) {
                  seen.add(RandomUuid.next());
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(seen).hasSize(8000);
  }

  /** Each of the 122 random bits is set in about half of them; one that never is, is no chance. */
  @Test
  void allOtherBitsVary() {
    long high = 0;
    long low = 0;
    long highEver = -1;
    long lowEver = -1;
    for (int i = 0; i < 1000; i++) {
      UUID id = UUID.fromString(RandomUuid.next());
      high |= id.getMostSignificantBits();
      low |= id.getLeastSignificantBits();
      highEver &= id.getMostSignificantBits();
      lowEver &= id.getLeastSignificantBits();
    }
    assertThat(high).isEqualTo(0xFFFF_FFFF_FFFF_4FFFL);
    assertThat(low).isEqualTo(0xBFFF_FFFF_FFFF_FFFFL);
    assertThat(highEver).isEqualTo(0x4000L);
    assertThat(lowEver).isEqualTo(0x8000_0000_0000_0000L);
  }
}
