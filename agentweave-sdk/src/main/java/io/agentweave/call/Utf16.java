package io.agentweave.call;

/** What Java's text can hold and no Unicode text may: half of a surrogate pair. */
public final class Utf16 {
  private Utf16() {}

  /** Whether a surrogate stands without its other half, which no UTF-8 can carry. */
  public static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
