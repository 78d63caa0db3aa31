package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Integers of a fixed size. A decimal without a fraction, such as {@code 5.0}, is one too. */
final class Numbers {
  private Numbers() {}

  /** Converts a number, or throws {@link ArithmeticException}. */
  interface Exact {
    Object of(BigDecimal number);
  }

  static ValueReader integer(int bits, Exact exact) {
    String rule = "must be an integer of at most " + bits + " bits";
    return (node, place, findings) -> {
      Object value = node.isNumber() ? value(node, exact) : null;
      if (value == null) {
        findings.add(place, rule, Shape.of(node));
      }
      return value;
    };
  }

  static Object asInt(BigDecimal number) {
    return number.intValueExact();
  }

  static Object asLong(BigDecimal number) {
    return number.longValueExact();
  }

  private static @Nullable Object value(JsonNode node, Exact exact) {
    try {
      return exact.of(node.decimalValue());
    } catch (ArithmeticException e) {
      return null;
    }
  }
}
