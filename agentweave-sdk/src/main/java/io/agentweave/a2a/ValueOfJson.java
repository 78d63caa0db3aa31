package io.agentweave.a2a;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.call.Payload;
import io.agentweave.call.Utf16;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Reads JSON into a protobuf {@code Value}, where that says exactly the same: no number that a
 * double changes, no name twice, and no nesting that readers of protobuf give up on.
 */
final class ValueOfJson {
  /** Protobuf's readers allow 100 messages in each other, and an object takes three. */
  private static final int DEEPEST = 24;

  private static final BigDecimal FIRST_UNSAFE = BigDecimal.valueOf(1L << 53);
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ValueOfJson() {}

  static Optional<Value> read(Payload json) {
    try (JsonParser parser = FACTORY.createParser(json.bytes())) {
      parser.nextToken();
      Value value = read(parser, DEEPEST);
      return parser.nextToken() == null ? Optional.of(value) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Value read(JsonParser parser, int deeper) throws IOException {
    Value.Builder value = Value.newBuilder();
    JsonToken token = parser.currentToken();
    if (token == null || deeper == 0) {
      throw new JsonParseException(parser, "nothing, or nested too deeply");
    }
    switch (token) {
      case VALUE_NULL -> value.setNullValue(NullValue.NULL_VALUE);
      case VALUE_TRUE -> value.setBoolValue(true);
      case VALUE_FALSE -> value.setBoolValue(false);
      case VALUE_STRING -> value.setStringValue(text(parser.getText(), parser));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value.setNumberValue(exact(parser));
      case START_OBJECT -> {
        Struct.Builder object = Struct.newBuilder();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = text(parser.currentName(), parser);
          parser.nextToken();
          object.putFields(name, read(parser, deeper - 1));
        }
        value.setStructValue(object);
      }
      case START_ARRAY -> {
        ListValue.Builder array = ListValue.newBuilder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.addValues(read(parser, deeper - 1));
        }
        value.setListValue(array);
      }
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new JsonParseException(parser, "no value");
    }
    return value.build();
  }

  private static double exact(JsonParser parser) throws IOException {
    BigDecimal written = parser.getDecimalValue();
    double number = written.doubleValue();
    boolean same =
        written.abs().compareTo(FIRST_UNSAFE) < 0
            && new BigDecimal(Double.toString(number)).compareTo(written) == 0;
    if (!same) {
      throw new JsonParseException(parser, "a number that a double changes");
    }
    return number;
  }

  /** Half a surrogate pair is JSON, but no text that protobuf can carry. */
  private static String text(String text, JsonParser parser) throws IOException {
    if (Utf16.hasLoneSurrogate(text)) {
      throw new JsonParseException(parser, "half a surrogate pair");
    }
    return text;
  }
}
