package io.agentweave.journal;

import io.agentweave.call.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer that JSON objects are written into, one a line, without making garbage. For one
 * thread at a time. Any Java string is written so that a JSON parser reads back the same string,
 * lone surrogates included. What would steer a terminal that shows the line is escaped.
 */
public final class JsonLine {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

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
    return field(name, value, Integer.MAX_VALUE);
  }

  /** As {@link #field(String, String)}, with a value over {@code longest} characters cut off. */
  public JsonLine field(String name, @Nullable String value, int longest) {
    if (value != null) {
      name(name);
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

  public JsonLine field(String name, long value) {
    name(name);
    number(value);
    return this;
  }

  public JsonLine field(String name, boolean value) {
    name(name);
    ascii(value ? "true" : "false");
    return this;
  }

  /** A string of hex digits, lower case. */
  public JsonLine hexField(String name, byte[] value) {
    name(name);
    reserve(2 * value.length + 2);
    bytes[size++] = '"';
    for (byte b : value) {
      bytes[size++] = HEX[(b >> 4) & 0xF];
      bytes[size++] = HEX[b & 0xF];
    }
    bytes[size++] = '"';
    return this;
  }

  /** A string of base64 without line breaks, padded. */
  public JsonLine base64Field(String name, byte[] value) {
    name(name);
    put((byte) '"');
    byte[] encoded = Base64.getEncoder().encode(value);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
    put((byte) '"');
    return this;
  }

  /** A string of bytes that are known to need no escape. */
  public JsonLine plainField(String name, byte[] value) {
    name(name);
    reserve(value.length + 2);
    bytes[size++] = '"';
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    bytes[size++] = '"';
    return this;
  }

  private void name(String name) {
    if (!first) {
      put((byte) ',');
    }
    first = false;
    put((byte) '"');
    ascii(name);
    put((byte) '"');
    put((byte) ':');
  }

  private void number(long value) {
    ascii(Long.toString(value));
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
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
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
