package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a value is, without saying which: its type and size. */
public final class Shape {
  private Shape() {}

  /** {@code text of 4 characters}, {@code a list of 3}, {@code a number}. */
  public static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case JsonNode node -> ofJson(node);
      case CharSequence text -> "text of " + text.length() + " characters";
      case Optional<?> optional -> of(optional.orElse(null));
      case Map<?, ?> map -> "an object of " + map.size() + " members";
      case Collection<?> list -> "a list of " + list.size();
      case Boolean truth -> "true or false";
      case Number number -> "a number";
      case Enum<?> word -> "a word";
      case Record record -> "an object";
      default -> "a value";
    };
  }

  private static String ofJson(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "text of " + node.textValue().length() + " characters";
      case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case ARRAY -> "a list of " + node.size();
      case OBJECT -> "an object of " + node.size() + " members";
      case MISSING -> "nothing";
      case BINARY, POJO -> "a value";
    };
  }
}
