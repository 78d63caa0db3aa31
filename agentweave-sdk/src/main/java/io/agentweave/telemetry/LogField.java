package io.agentweave.telemetry;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a field of the thread's log lines was before it was set, and which field was set before it.
 * Cheaper than a copy of all fields, which is what SLF4J offers.
 *
 * @param before null when the field was absent
 */
public record LogField(String name, @Nullable String before, @Nullable LogField earlier) {

  /**
   * Sets a field; keep what it returns for {@link #restore}. That is {@code earlier} where the
   * field says the same already.
   */
  public static @Nullable LogField put(String name, String value, @Nullable LogField earlier) {
    String before = MDC.get(name);
    if (value.equals(before)) {
      return earlier;
    }
    MDC.put(name, value);
    return new LogField(name, before, earlier);
  }

  /** Makes the fields what they were, the one set last first. */
  public static void restore(@Nullable LogField last) {
    for (LogField field = last; field != null; field = field.earlier) {
      if (field.before == null) {
        MDC.remove(field.name);
      } else {
        MDC.put(field.name, field.before);
      }
    }
  }
}
