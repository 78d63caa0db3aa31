package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class SampleTest {

  @Property
  void sameEvent_fallsTheSameWay(@ForAll String id, @ForAll @DoubleRange(max = 1) double rate) {
    assertThat(new Sample(rate).holds(id)).isEqualTo(new Sample(rate).holds(id));
  }

  @Property
  void largerRate_holdsWhatASmallerOneHolds(
      @ForAll String id, @ForAll @DoubleRange(max = 0.5) double rate) {
    if (new Sample(rate).holds(id)) {
      assertThat(new Sample(rate * 2).holds(id)).isTrue();
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
