package io.agentweave.bench;

import java.util.Arrays;

/**
 * The middle of some measurements, and how far they lie apart.
 *
 * @param middle {@code NaN} when there were none
 */
public record Median(double middle, double low, double high) {

  public static Median of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      return new Median(Double.NaN, Double.NaN, Double.NaN);
    }
    int half = sorted.length / 2;
    double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Median(middle, sorted[0], sorted[sorted.length - 1]);
  }

  /** The same in a unit that is {@code unit} times as large. */
  public Median in(double unit) {
    return new Median(middle / unit, low / unit, high / unit);
  }
}
