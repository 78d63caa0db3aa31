package io.agentweave.deadletter;

/** Text that a database and a UTF-8 file can both hold: without NUL and lone surrogates. */
final class Storable {
  static final int LONGEST_DETAIL = 2_048;
  private static final String CUT = "...";
  private static final char REPLACEMENT = '\uFFFD';

  private Storable() {}

  /** As {@link #text}, and at most 2048 characters: what is cut ends with three dots. */
  static String detail(String text) {
    if (text.length() <= LONGEST_DETAIL) {
      return text(text);
    }
    int end = LONGEST_DETAIL - CUT.length();
    return text(text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end))
        + CUT;
  }

  /** The same text with each character that can't be stored replaced by U+FFFD. */
  static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return replaced(text);
      }
    }
    return text;
  }

  private static String replaced(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? REPLACEMENT : c)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }
}
