package io.agentweave.validation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Supplier;

/**
 * Reads numbers without losing a digit. A number that other readers would make infinite or zero is
 * refused: they and we would not mean the same.
 */
final class ExactNumbers {
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Double.MAX_VALUE);
  private static final BigDecimal SMALLEST = BigDecimal.valueOf(Double.MIN_VALUE);
  private static final int LARGEST_EXPONENT = 400;

  private final JsonLimits limits;
  private final Findings findings;

  ExactNumbers(JsonLimits limits, Findings findings) {
    this.limits = limits;
    this.findings = findings;
  }

  JsonNode integer(JsonParser parser, Supplier<Place> place) throws IOException {
    if (isTooLong(parser, place)) {
      return NullNode.instance;
    }
    return switch (parser.getNumberType()) {
      case INT -> IntNode.valueOf(parser.getIntValue());
      case LONG -> LongNode.valueOf(parser.getLongValue());
      default -> BigIntegerNode.valueOf(new BigInteger(parser.getText()));
    };
  }

  JsonNode decimal(JsonParser parser, Supplier<Place> place) throws IOException {
    if (parser.isNaN()) {
      findings.add(place.get(), "must be a number that JSON has", "NaN or an infinity");
      return NullNode.instance;
    }
    if (isTooLong(parser, place)) {
      return NullNode.instance;
    }
    try {
      BigDecimal value = new BigDecimal(parser.getText());
      if (isInRange(value)) {
        return DecimalNode.valueOf(value);
      }
    } catch (NumberFormatException e) {
      // falls through: an exponent that not even BigDecimal has
    }
    findings.add(
        place.get(),
        "must be a number within the range of a double",
        "a number of " + parser.getTextLength() + " characters");
    return NullNode.instance;
  }

  /** Looks at the exponent first: comparing 1e999999999 would take for ever. */
  private static boolean isInRange(BigDecimal value) {
    long exponent = (long) value.precision() - value.scale();
    if (Math.abs(exponent) > LARGEST_EXPONENT) {
      return false;
    }
    BigDecimal size = value.abs();
    return size.signum() == 0 || (size.compareTo(SMALLEST) >= 0 && size.compareTo(LARGEST) <= 0);
  }

  private boolean isTooLong(JsonParser parser, Supplier<Place> place) throws IOException {
    int length = parser.getTextLength();
    if (length <= limits.numberLength()) {
      return false;
    }
    findings.add(
        place.get(),
        "must be a number of at most " + limits.numberLength() + " characters",
        "a number of " + length + " characters");
    return true;
  }
}
