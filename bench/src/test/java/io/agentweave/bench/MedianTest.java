package io.agentweave.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MedianTest {
  @Test
  void of_isTheMiddleOfAnOddNumber() {
    assertThat(Median.of(3, 1, 2)).isEqualTo(new Median(2, 1, 3));
  }

  @Test
  void of_isBetweenTheTwoInTheMiddleOfAnEvenNumber() {
    assertThat(Median.of(4, 1, 3, 2)).isEqualTo(new Median(2.5, 1, 4));
  }

  @Test
  void of_leavesTheOutermostOfManyOut() {
    assertThat(Median.of(100, 2, 3, 4, 5, 6, 7, -50)).isEqualTo(new Median(4.5, 2, 7));
  }

  @Test
  void of_nothingIsNoNumber() {
    assertThat(Median.of().middle()).isNaN();
  }

  @Test
  void in_changesTheUnit() {
    assertThat(new Median(2, 1, 4).in(2)).isEqualTo(new Median(1, 0.5, 2));
  }
}
