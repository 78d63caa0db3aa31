package io.agentweave.validation;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads the spelling that nearly all times have: {@code YYYY-MM-DDThh:mm:ss} with up to nine
 * decimals, and {@code Z}. Takes a tenth of the time that a pattern and the JDK's formatter take.
 */
final class UtcTime {
  private static final String SHAPE = "0000-00-00T00:00:00";
  private static final int MOST_DECIMALS = 9;

  private UtcTime() {}

  /** The moment; null when {@code text} is spelt otherwise, or no such moment exists. */
  static @Nullable OffsetDateTime parse(String text) {
    int zone = text.length() - 1;
    if (zone < SHAPE.length() || text.charAt(zone) != 'Z' || !isShaped(text)) {
      return null;
    }
    int nanos = zone == SHAPE.length() ? 0 : nanos(text, zone);
    int year = number(text, 0, 4);
    if (nanos < 0 || year == 0) {
      return null;
    }
    try {
      return OffsetDateTime.of(
          year,
          number(text, 5, 7),
          number(text, 8, 10),
          number(text, 11, 13),
          number(text, 14, 16),
          number(text, 17, 19),
          nanos,
          ZoneOffset.UTC);
    } catch (DateTimeException noSuchMoment) {
      return null;
    }
  }

  private static boolean isShaped(String text) {
    for (int i = 0; i < SHAPE.length(); i++) {
      char wanted = SHAPE.charAt(i);
      char c = text.charAt(i);
      if (wanted == '0' ? !isDigit(c) : c != wanted) {
        return false;
      }
    }
    return true;
  }

  /** The decimals between the point and {@code end} as nanoseconds; negative when it is none. */
  private static int nanos(String text, int end) {
    int first = SHAPE.length() + 1;
    int decimals = end - first;
    if (text.charAt(SHAPE.length()) != '.' || decimals < 1 || decimals > MOST_DECIMALS) {
      return -1;
    }
    int nanos = 0;
    for (int i = 0; i < MOST_DECIMALS; i++) {
      char c = i < decimals ? text.charAt(first + i) : '0';
      if (!isDigit(c)) {
        return -1;
      }
      nanos = nanos * 10 + c - '0';
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
