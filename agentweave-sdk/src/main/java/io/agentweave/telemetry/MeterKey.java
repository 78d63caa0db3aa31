package io.agentweave.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A meter and the values of its labels as a caller gave them, to find again what they led to. */
final class MeterKey {
  private final MeterName name;
  private final String[] labels;
  private final int hash;

  /**
   * @param labels nobody may change them any more
   */
  MeterKey(MeterName name, String[] labels) {
    this.name = name;
    this.labels = labels;
    this.hash = 31 * System.identityHashCode(name) + Arrays.hashCode(labels);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MeterKey that
        && name.equals(that.name)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
