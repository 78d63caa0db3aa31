package io.agentweave.journal;

import io.agentweave.call.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer that JSON objects are written into, one a line, without making garbage. For one
 * thread at a time. Any Java string is written so that a JSON parser reads back the same string,
 * lone surrogates included. What would steer a terminal that shows the line is escaped.
 */
public final class JsonLine {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** By character below 0x80: whether it stands for itself in a JSON string. */
  private static final boolean[] PLAIN = new boolean[0x80];

  static {
    for (int c = 0x20; c < 0x7F; c++) {
      PLAIN[c] = c != '"' && c != '\\';
    }
  }

  /** A member's name, encoded once for all lines. */
  public static final class Name {
    private final byte[] encoded;

    private Name(String name) {
      encoded = (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** The name in plain ASCII, without anything to escape. */
  public static Name name(String name) {
    return new Name(name);
  }

  private byte[] bytes = new byte[1 << 13];
  private int size;
  private boolean first;

  /** The array; holds {@link #size} good bytes, and is another one after growing. */
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Forgets what was written after the first {@code keep} bytes. */
  public void rewind(int keep) {
    size = keep;
  }

  public JsonLine open() {
    put((byte) '{');
    first = true;
    return this;
  }

  /** Ends the object and the line. */
  public JsonLine close() {
    put((byte) '}');
    put((byte) '\n');
    return this;
  }

  /** Writes nothing when the value is absent. */
  public JsonLine field(String name, @Nullable String value) {
    return field(name(name), value, Integer.MAX_VALUE);
  }

  public JsonLine field(String name, long value) {
    return field(name(name), value);
  }

  public JsonLine field(String name, boolean value) {
    return field(name(name), value);
  }

  /** A string of bytes that are known to need no escape. */
  public JsonLine plainField(String name, byte[] value) {
    return plainField(name(name), value);
  }

  /**
   * A string with a value over {@code longest} characters cut off. Writes nothing when the value is
   * absent.
   */
  public JsonLine field(Name name, @Nullable String value, int longest) {
    if (value != null) {
      put(name);
      put((byte) '"');
      if (value.length() <= longest) {
        text(value, value.length());
      } else {
        text(value, longest);
        ascii("...(" + (value.length() - longest) + " more)");
      }
      put((byte) '"');
    }
    return this;
  }

  public JsonLine field(Name name, long value) {
    put(name);
    number(value);
    return this;
  }

  public JsonLine field(Name name, boolean value) {
    put(name);
    ascii(value ? "true" : "false");
    return this;
  }

  /** A string of bytes that are known to need no escape. */
  public JsonLine plainField(Name name, byte[] value) {
    put(name);
    reserve(value.length + 2);
    bytes[size++] = '"';
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    bytes[size++] = '"';
    return this;
  }

  /** Members that were written before: {@code count} bytes, which begin with a comma. */
  public JsonLine encoded(byte[] members, int count) {
    reserve(count);
    System.arraycopy(members, 0, bytes, size, count);
    size += count;
    return this;
  }

  private void put(Name name) {
    int skipped = first ? 1 : 0;
    first = false;
    int length = name.encoded.length - skipped;
    reserve(length);
    System.arraycopy(name.encoded, skipped, bytes, size, length);
    size += length;
  }

  private void number(long value) {
    if (value < 0) {
      ascii(Long.toString(value));
      return;
    }
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    reserve(digits);
    long rest = value;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
  }

  private void ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  private void text(String text, int length) {
    reserve(6 * length);
    byte[] to = bytes;
    int at = size;
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c >= 0x80 || !PLAIN[c]) {
        break;
      }
      to[at + i] = (byte) c;
      i++;
    }
    size = at + i;
    if (i < length) {
      rest(text, i, length);
    }
  }

  private void rest(String text, int from, int length) {
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80 && PLAIN[c]) {
        bytes[size++] = (byte) c;
      } else if (c == '"' || c == '\\') {
        bytes[size++] = '\\';
        bytes[size++] = (byte) c;
      } else if (c < 0x80 || VisibleText.steers(c)) {
        escape(c);
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | (c >> 6));
        bytes[size++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        bytes[size++] = (byte) (0xE0 | (c >> 12));
        bytes[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        bytes[size++] = (byte) (0x80 | (c & 0x3F));
      } else {
        escape(c);
      }
    }
  }

  /** Surrogates are escaped one by one: JSON reads a pair back as its character. */
  private void escape(char c) {
    bytes[size++] = '\\';
    bytes[size++] = 'u';
    bytes[size++] = HEX[c >> 12];
    bytes[size++] = HEX[(c >> 8) & 0xF];
    bytes[size++] = HEX[(c >> 4) & 0xF];
    bytes[size++] = HEX[c & 0xF];
  }

  private void put(byte b) {
    reserve(1);
    bytes[size++] = b;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
