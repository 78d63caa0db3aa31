package io.agentweave.validation;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;

/** Member names, as Java says them and as they may be printed. */
public final class Names {
  private static final int LONGEST = 64;

  private Names() {}

  static String snakeCase(String javaName) {
    return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(javaName);
  }

  /** A name that a stranger chose, short and without characters that could forge a log line. */
  public static String printable(String name) {
    int end = Math.min(name.length(), LONGEST);
    StringBuilder out = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = name.charAt(i);
      boolean plain = (c > ' ' && c < 0x7F) || Character.isLetterOrDigit(c);
      out.append(plain ? c : '?');
    }
    return end < name.length() ? out.append("...").toString() : out.toString();
  }
}
