package io.agentweave.call;

import java.nio.charset.StandardCharsets;

/**
 * The JSON document that a call carries, as the bytes that arrived.
 *
 * <p>The bytes are UTF-8 text that nobody has parsed yet. They are shared, not copied: whoever
 * makes a payload gives the array away, whoever reads it leaves it unchanged.
 */
public final class Payload {
  private static final Payload EMPTY = new Payload("{}".getBytes(StandardCharsets.UTF_8));

  private final byte[] json;

  private Payload(byte[] json) {
    this.json = json;
  }

  /** The payload of a call that has no parameters: an empty JSON object. */
  public static Payload empty() {
    return EMPTY;
  }

  /** Wraps UTF-8 JSON text without copying it. */
  public static Payload ofJson(byte[] json) {
    return new Payload(json);
  }

  public static Payload ofJson(String json) {
    return new Payload(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves; do not write to them. */
  public byte[] bytes() {
    return json;
  }

  /** Length in bytes, as policy and limits see it. */
  public int size() {
    return json.length;
  }

  /** Says the size only: a payload is never printed. */
  @Override
  public String toString() {
    return "Payload[" + json.length + " bytes]";
  }
}
