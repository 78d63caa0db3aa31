package io.agentweave.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TargetTest {
  private static final Target AT_LEAST = new Target("rate", "rate", true, 0.75, "×");
  private static final Target AT_MOST = new Target("time", "rate", false, 0.75, "×");

  @Test
  void verdict_isDecidedWhereAllRoundsAreOnOneSide() {
    assertThat(AT_LEAST.verdict(numbers(0.76, 0.8, 0.9))).isEqualTo("yes");
    assertThat(AT_MOST.verdict(numbers(0.76, 0.8, 0.9))).isEqualTo("no");
    assertThat(AT_LEAST.verdict(numbers(0.5, 0.6, 0.74))).isEqualTo("no");
    assertThat(AT_MOST.verdict(numbers(0.5, 0.6, 0.74))).isEqualTo("yes");
  }

  @Test
  void verdict_isUndecidedWhereRoundsLieOnBothSides() {
    assertThat(AT_LEAST.verdict(numbers(0.7, 0.8, 0.9))).isEqualTo("undecided");
    assertThat(AT_MOST.verdict(numbers(0.7, 0.8, 0.9))).isEqualTo("undecided");
  }

  @Test
  void verdict_countsTheLimitItselfAsMet() {
    assertThat(AT_LEAST.verdict(numbers(0.75, 0.8, 0.9))).isEqualTo("yes");
    assertThat(AT_MOST.verdict(numbers(0.5, 0.6, 0.75))).isEqualTo("yes");
  }

  @Test
  void verdict_ofASingleMeasurementHasNoSpread() {
    assertThat(AT_LEAST.verdict(Map.of("rate", 0.7))).isEqualTo("no");
    assertThat(AT_LEAST.row(Map.of("rate", 0.7))).isEqualTo("| rate | ≥ 0.75 × | 0.70 × | no |");
  }

  @Test
  void row_saysHowFarTheRoundsLieApart() {
    assertThat(AT_LEAST.row(numbers(0.7, 0.8, 0.9)))
        .isEqualTo("| rate | ≥ 0.75 × | 0.80 × (0.70 to 0.90) | undecided |");
  }

  @Test
  void row_isNoneForWhatWasNotMeasured() {
    assertThat(AT_LEAST.row(Map.of())).isNull();
    assertThat(Target.table(Map.of())).isEmpty();
  }

  private static Map<String, Object> numbers(double low, double middle, double high) {
    Results results = new Results();
    results.put("rate", Median.of(high, low, middle));
    return new LinkedHashMap<>(results.numbers());
  }
}
