package io.agentweave.a2a;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.call.Payload;
import io.agentweave.call.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a protobuf {@code Value} as JSON. A whole number is written as one. Numbers that a double
 * may have changed on its way here, those from 2^53 on, and those that JSON cannot say are
 * violations: they travel in {@code raw} parts.
 */
final class JsonOfValue {
  private static final double FIRST_UNSAFE = 0x1p53;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final List<Violation> violations = new ArrayList<>();

  private JsonOfValue() {}

  static Reading<Payload> read(Value value, String field) {
    JsonOfValue writer = new JsonOfValue();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      writer.write(value, field, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.violations.isEmpty()
        ? new Reading.Read<>(Payload.ofJson(bytes.toByteArray()))
        : new Reading.Unreadable<>(writer.violations);
  }

  private void write(Value value, String field, JsonGenerator json) throws IOException {
    switch (value.getKindCase()) {
      case NULL_VALUE, KIND_NOT_SET -> json.writeNull();
      case BOOL_VALUE -> json.writeBoolean(value.getBoolValue());
      case STRING_VALUE -> json.writeString(value.getStringValue());
      case NUMBER_VALUE -> writeNumber(value.getNumberValue(), field, json);
      case STRUCT_VALUE -> writeObject(value.getStructValue(), field, json);
      case LIST_VALUE -> writeArray(value.getListValue(), field, json);
    }
  }

  private void writeNumber(double number, String field, JsonGenerator json) throws IOException {
    if (!(Math.abs(number) < FIRST_UNSAFE)) {
      violations.add(
          new Violation(
              field,
              "a number in a data part is below 2^53; greater ones travel in a raw part",
              "a number that is not"));
      json.writeNull();
    } else if (number == Math.rint(number)) {
      json.writeNumber((long) number);
    } else {
      json.writeNumber(number);
    }
  }

  private void writeObject(Struct object, String field, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Value> member : object.getFieldsMap().entrySet()) {
      json.writeFieldName(member.getKey());
      write(member.getValue(), field + "." + member.getKey(), json);
    }
    json.writeEndObject();
  }

  private void writeArray(ListValue array, String field, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < array.getValuesCount(); i++) {
      write(array.getValues(i), field + "[" + i + "]", json);
    }
    json.writeEndArray();
  }
}
