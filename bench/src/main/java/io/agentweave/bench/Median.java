package io.agentweave.bench;

import java.util.Arrays;

/**
 * The middle of some measurements, and between what it would lie if they were made again: the
 * lowest and the highest, without the outermost on each side where there are eight or more. The
 * true median lies between them, whatever the measurements are spread like, with a probability of
 * 0.93 for 8 of them, 0.87 for 4, and 0.75 for 3.
 *
 * @param middle {@code NaN} when there were none
 */
public record Median(double middle, double low, double high) {
  private static final int MANY = 8;

  public static Median of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      return new Median(Double.NaN, Double.NaN, Double.NaN);
    }
    int half = sorted.length / 2;
    double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    int outermost = sorted.length < MANY ? 0 : 1;
    return new Median(middle, sorted[outermost], sorted[sorted.length - 1 - outermost]);
  }

  /** The same in a unit that is {@code unit} times as large. */
  public Median in(double unit) {
    return new Median(middle / unit, low / unit, high / unit);
  }
}
