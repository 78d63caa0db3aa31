package io.agentweave.validation;

import io.agentweave.call.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON that is written piece by piece, for messages of which there are many: what {@link Json}
 * writes by looking at a record, in a fraction of its time. Brackets, names and commas are the
 * writer's to get right.
 */
public final class JsonText {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int size;

  /**
   * Empty text.
   *
   * @param expected about how many bytes it will have
   */
  public JsonText(int expected) {
    bytes = new byte[Math.max(expected, 16)];
  }

  /** Appends what is JSON already, in ASCII. */
  public JsonText raw(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Appends what is JSON already. */
  public JsonText raw(byte[] json, int from, int to) {
    room(to - from);
    System.arraycopy(json, from, bytes, size, to - from);
    size += to - from;
    return this;
  }

  public JsonText raw(Payload json) {
    return raw(json.array(), json.from(), json.from() + json.size());
  }

  public JsonText object(ObjectText object) {
    object.appendTo(this);
    return this;
  }

  public JsonText number(int number) {
    return raw(Integer.toString(number));
  }

  /** Appends a string, in quotes and with the escapes it needs. */
  public JsonText string(String text) {
    room(text.length() + 2);
    int start = size;
    bytes[size++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c >= 0x80) {
        size = start;
        return unusual(text);
      }
      bytes[size++] = (byte) c;
    }
    bytes[size++] = '"';
    return this;
  }

  private JsonText unusual(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    room(utf8.length * 6 + 2);
    bytes[size++] = '"';
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        bytes[size++] = '\\';
        bytes[size++] = b;
      } else if (b >= 0 && b < ' ') {
        raw("\\u00");
        bytes[size++] = HEX[b >> 4];
        bytes[size++] = HEX[b & 15];
      } else {
        bytes[size++] = b;
      }
    }
    bytes[size++] = '"';
    return this;
  }

  /** The text, which is complete: nothing can be added any more. */
  public Payload payload() {
    return Payload.ofJson(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
