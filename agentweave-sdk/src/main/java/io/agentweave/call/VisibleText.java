package io.agentweave.call;

/**
 * Shows somebody else's text so that it is only text: what would steer a terminal, begin a line or
 * change the order of what is read appears as an escape ({@code \}{@code u001b}), which inside a
 * JSON string means the same character.
 */
public final class VisibleText {
  private VisibleText() {}

  /** {@code text} on one line. */
  public static String of(String text) {
    return shown(text, false);
  }

  /** The same, with line feeds and tabs as they are. */
  public static String ofLines(String text) {
    return shown(text, true);
  }

  private static String shown(String text, boolean lines) {
    int hidden = 0;
    while (hidden < text.length() && isPlain(text.charAt(hidden), lines)) {
      hidden++;
    }
    if (hidden == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    shown.append(text, 0, hidden);
    for (int i = hidden; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c, lines)) {
        shown.append(c);
      } else {
        shown.append(String.format("\\u%04x", (int) c));
      }
    }
    return shown.toString();
  }

  private static boolean isPlain(char c, boolean lines) {
    if (c >= 0x20 && c < 0x7F) {
      return true;
    }
    return (lines && (c == '\n' || c == '\t')) || !steers(c);
  }

  /**
   * Whether it is a control character, a line separator, or turns the direction of text (UAX 9).
   */
  public static boolean steers(char c) {
    return Character.isISOControl(c)
        || c == '\u061c'
        || c == '\u200e'
        || c == '\u200f'
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\ufeff';
  }
}
