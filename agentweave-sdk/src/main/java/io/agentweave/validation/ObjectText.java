package io.agentweave.validation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as the text it came in: checked by the rules of {@link Json}, never taken apart,
 * and written again as it is. For what an agent only passes on. Two are equal when they are the
 * same text.
 *
 * <p>The bytes are shared with the document they came in, which stays in memory as long.
 */
public final class ObjectText {
  private final byte[] document;
  private final int from;
  private final int to;

  ObjectText(byte[] document, int from, int to) {
    this.document = document;
    this.from = from;
    this.to = to;
  }

  /**
   * Reads an object that stands alone.
   *
   * @throws IllegalArgumentException when the text is none, or not by the rules
   */
  public static ObjectText of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    if (Json.read(bytes) instanceof JsonReading.Parsed(var tree) && tree.isObject()) {
      return new ObjectText(bytes, 0, bytes.length);
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  static ObjectText written(JsonNode object) {
    byte[] bytes = Json.write(object);
    return new ObjectText(bytes, 0, bytes.length);
  }

  /** Length in bytes of UTF-8. */
  public int size() {
    return to - from;
  }

  void appendTo(JsonText out) {
    out.raw(document, from, to);
  }

  /** The text itself. */
  @JsonValue
  @JsonRawValue
  public String text() {
    return new String(document, from, size(), StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectText that
        && Arrays.equals(document, from, to, that.document, that.from, that.to);
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  /** Says the size only: like a payload, it is never printed. */
  @Override
  public String toString() {
    return "ObjectText[" + size() + " bytes]";
  }
}
