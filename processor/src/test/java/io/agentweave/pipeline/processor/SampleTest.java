package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SampleTest {

  @Test
  void sameEvent_fallsTheSameWay_andALargerRateHoldsIt() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(30)];
      random.nextBytes(noise);
      String id = new String(noise, StandardCharsets.ISO_8859_1);
      double rate = random.nextDouble() / 2;
      boolean held = new Sample(rate).holds(id);
      assertThat(new Sample(rate).holds(id)).isEqualTo(held);
      assertThat(new Sample(rate * 2).holds(id) || !held).isTrue();
    }
  }

  @Test
  void rateZero_holdsNothingAndRateOneAll() {
    assertThat(IntStream.range(0, 1000).mapToObj(i -> "e" + i))
        .noneMatch(new Sample(0)::holds)
        .allMatch(new Sample(1)::holds);
  }

  @Test
  void quarter_isAboutAQuarter() {
    long held =
        IntStream.range(0, 20_000).filter(i -> new Sample(0.25).holds("event-" + i)).count();
    assertThat(held).isBetween(4_700L, 5_300L);
  }

  /** Fixed, so that no release changes which events a running pipeline keeps. */
  @Test
  void choice_neverChanges() {
    assertThat(IntStream.range(0, 20).filter(i -> new Sample(0.3).holds("event-" + i)).boxed())
        .containsExactly(0, 3, 5, 8, 9, 11, 14, 16, 17);
  }
}
