package io.agentweave.call;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document that a call carries, as the bytes that arrived.
 *
 * <p>The bytes are UTF-8 text that nobody has parsed yet. They are shared, not copied: whoever
 * makes a payload gives the array away, whoever reads it leaves it unchanged.
 */
public final class Payload {
  private static final Payload EMPTY = ofJson("{}");

  private final byte[] array;
  private final int from;
  private final int size;

  /** Made when somebody asks for it, where the array holds more than the payload. */
  private volatile byte @Nullable [] alone;

  private Payload(byte[] array, int from, int size) {
    this.array = array;
    this.from = from;
    this.size = size;
  }

  /** The payload of a call that has no parameters: an empty JSON object. */
  public static Payload empty() {
    return EMPTY;
  }

  /** Wraps UTF-8 JSON text without copying it. */
  public static Payload ofJson(byte[] json) {
    return new Payload(json, 0, json.length);
  }

  /**
   * Wraps UTF-8 JSON text that is part of an array, without copying it.
   *
   * @param from index of the first byte
   * @param size how many bytes
   * @throws IndexOutOfBoundsException when the array holds no such part
   */
  public static Payload ofJson(byte[] array, int from, int size) {
    Objects.checkFromIndexSize(from, size, array.length);
    return new Payload(array, from, size);
  }

  public static Payload ofJson(String json) {
    return ofJson(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The bytes and no others; do not write to them. Where the payload is part of an array, they are
   * copied once.
   */
  public byte[] bytes() {
    if (size == array.length) {
      return array;
    }
    byte[] known = alone;
    if (known == null) {
      known = Arrays.copyOfRange(array, from, from + size);
      alone = known;
    }
    return known;
  }

  /** What the bytes are in, from {@link #from} on; do not write to it. */
  public byte[] array() {
    return array;
  }

  /** Index of the first byte in {@link #array}. */
  public int from() {
    return from;
  }

  /** Length in bytes, as policy and limits see it. */
  public int size() {
    return size;
  }

  /** Says the size only: a payload is never printed. */
  @Override
  public String toString() {
    return "Payload[" + size + " bytes]";
  }
}
