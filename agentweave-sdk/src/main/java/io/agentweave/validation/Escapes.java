package io.agentweave.validation;

/** The escapes of JSON's strings. */
final class Escapes {
  private Escapes() {}

  /** Four hexadecimal digits as a number; negative when they are none. */
  static int number(byte[] text, int from, int to) {
    int number = to - from < 4 ? -1 : 0;
    for (int i = from; i < from + 4 && number >= 0; i++) {
      int digit = text[i] < 0 ? -1 : Character.digit((char) text[i], 16);
      number = digit < 0 ? -1 : (number << 4) | digit;
    }
    return number;
  }

  /** What a string says whose escapes are known to be well-formed. */
  static String undone(String string) {
    StringBuilder plain = new StringBuilder(string.length());
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char kind = string.charAt(++i);
      switch (kind) {
        case 'b' -> plain.append('\b');
        case 'f' -> plain.append('\f');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case 'u' -> {
          plain.append((char) Integer.parseInt(string, i + 1, i + 5, 16));
          i += 4;
        }
        default -> plain.append(kind);
      }
    }
    return plain.toString();
  }
}
