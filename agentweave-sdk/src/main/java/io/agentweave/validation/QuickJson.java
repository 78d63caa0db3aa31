package io.agentweave.validation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON over the bytes it came in, without building anything of it. It is for what nearly all
 * JSON is: all right, and plainly written. On whatever is wrong, or too rare to be worth a rule of
 * its own here, it gives up, and {@link StrictJson} has to say; so it may refuse what the other
 * takes, and never the other way round.
 */
final class QuickJson {
  /** Each name is compared with those before it in its object, so there must be few. */
  private static final int MOST_NAMES = 64;

  /** A number so short, with an exponent of two digits, is within the range of a double. */
  private static final int SURELY_IN_RANGE = 200;

  private final byte[] text;
  private final int to;
  private final JsonLimits limits;
  private int at;
  private int depth;

  /** Where the members' names of the objects around here start and end. */
  private int[] names = new int[32];

  private int named;

  QuickJson(byte[] text, int from, int to, JsonLimits limits) {
    this.text = text;
    this.at = from;
    this.to = to;
    this.limits = limits;
    if (to - from > limits.bytes() || !isUtf8()) {
      throw new GivesUp();
    }
  }

  /** What came can't be read quickly, or not at all. */
  static final class GivesUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivesUp() {
      super("not plain JSON", null, false, false);
    }
  }

  private boolean isUtf8() {
    int all = 0;
    for (int i = at; i < to; i++) {
      all |= text[i];
    }
    return all >= 0 || new String(text, at, to - at, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0;
  }

  /** The next byte that is no space, which stays; -1 at the end. */
  int peek() {
    while (at < to) {
      byte b = text[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
      at++;
    }
    return -1;
  }

  /** Takes a byte if it comes next. */
  boolean take(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char wanted) {
    if (!take(wanted)) {
      throw new GivesUp();
    }
  }

  void expectEnd() {
    if (peek() >= 0) {
      throw new GivesUp();
    }
  }

  /** Begins an object or a list. */
  void enter(char bracket) {
    expect(bracket);
    if (++depth > limits.depth()) {
      throw new GivesUp();
    }
  }

  void leave(char bracket) {
    expect(bracket);
    depth--;
  }

  /** The name of a member, up to its value. Its bytes are the text between the two places. */
  long name() {
    if (peek() != '"') {
      throw new GivesUp();
    }
    int from = at + 1;
    if (stringEscapes()) {
      throw new GivesUp();
    }
    long name = ((long) from << 32) | (at - 1);
    expect(':');
    return name;
  }

  boolean isNamed(long name, byte[] wanted) {
    return Arrays.equals(text, (int) (name >>> 32), (int) name, wanted, 0, wanted.length);
  }

  /** A name as text. */
  String text(long name) {
    int from = (int) (name >>> 32);
    return new String(text, from, (int) name - from, StandardCharsets.UTF_8);
  }

  /** Text. */
  String string() {
    if (peek() != '"') {
      throw new GivesUp();
    }
    int from = at + 1;
    boolean escapes = stringEscapes();
    String plain = new String(text, from, at - 1 - from, StandardCharsets.UTF_8);
    return escapes ? Escapes.undone(plain) : plain;
  }

  boolean takeNull() {
    if (peek() == 'n') {
      word("null");
      return true;
    }
    return false;
  }

  boolean truth() {
    boolean truth = peek() == 't';
    word(truth ? "true" : "false");
    return truth;
  }

  /** An integer of few digits. */
  int integer() {
    peek();
    int from = at;
    if (!number() || at - from > 9) {
      throw new GivesUp();
    }
    return Integer.parseInt(new String(text, from, at - from, StandardCharsets.ISO_8859_1));
  }

  /** An object as it stands there. */
  ObjectText object() {
    if (peek() != '{') {
      throw new GivesUp();
    }
    int from = at;
    value();
    return new ObjectText(text, from, at);
  }

  /** Any value, alone. */
  byte[] copyOfValue() {
    peek();
    int from = at;
    value();
    return Arrays.copyOfRange(text, from, at);
  }

  /** Walks over any value. */
  void value() {
    switch (peek()) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> stringEscapes();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void members() {
    enter('{');
    int before = named;
    if (peek() != '}') {
      do {
        remember(name(), before);
        value();
      } while (take(','));
    }
    named = before;
    leave('}');
  }

  private void remember(long name, int since) {
    int from = (int) (name >>> 32);
    int end = (int) name;
    if (named - since >= 2 * MOST_NAMES) {
      throw new GivesUp();
    }
    for (int i = since; i < named; i += 2) {
      if (names[i + 1] - names[i] == end - from
          && Arrays.equals(text, names[i], names[i + 1], text, from, end)) {
        throw new GivesUp();
      }
    }
    if (named == names.length) {
      names = Arrays.copyOf(names, named * 2);
    }
    names[named++] = from;
    names[named++] = end;
  }

  private void elements() {
    enter('[');
    if (peek() != ']') {
      do {
        value();
      } while (take(','));
    }
    leave(']');
  }

  /** Walks over a string, and says whether it has escapes. */
  private boolean stringEscapes() {
    boolean escapes = false;
    for (int i = at + 1; i < to; i++) {
      byte b = text[i];
      if (b == '"') {
        at = i + 1;
        return escapes;
      } else if (b == '\\') {
        escapes = true;
        i = escapeEnd(i + 1);
      } else if (b >= 0 && b < ' ') {
        throw new GivesUp();
      }
    }
    throw new GivesUp();
  }

  /** The last byte of an escape. A surrogate or NUL by its number is left to others. */
  private int escapeEnd(int kind) {
    if (kind >= to) {
      throw new GivesUp();
    } else if (text[kind] == 'u') {
      int c = Escapes.number(text, kind + 1, to);
      if (c <= 0 || Character.isSurrogate((char) c)) {
        throw new GivesUp();
      }
      return kind + 4;
    } else if ("\"\\/bfnrt".indexOf(text[kind]) < 0) {
      throw new GivesUp();
    }
    return kind;
  }

  private void word(String word) {
    if (to - at < word.length()) {
      throw new GivesUp();
    }
    for (int i = 0; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        throw new GivesUp();
      }
    }
    at += word.length();
  }

  /** Walks over a number, and says whether it is an integer. */
  private boolean number() {
    int from = at;
    if (at < to && text[at] == '-') {
      at++;
    }
    if (at < to && text[at] == '0') {
      at++;
    } else {
      digits();
    }
    boolean integer = true;
    if (at < to && text[at] == '.') {
      at++;
      digits();
      integer = false;
    }
    if (at < to && (text[at] | 0x20) == 'e') {
      at++;
      exponent();
      integer = false;
    }
    int most = integer ? limits.numberLength() : Math.min(limits.numberLength(), SURELY_IN_RANGE);
    if (at - from > most) {
      throw new GivesUp();
    }
    return integer;
  }

  /** At most two digits: with any number before them that is not too long, it is in range. */
  private void exponent() {
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    int from = at;
    digits();
    if (at - from > 2) {
      throw new GivesUp();
    }
  }

  private void digits() {
    int from = at;
    while (at < to && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw new GivesUp();
    }
  }
}
