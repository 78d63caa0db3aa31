package io.agentweave.a2a;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.call.Payload;
import io.agentweave.call.Violation;
import io.agentweave.validation.Findings;
import io.agentweave.validation.Names;
import io.agentweave.validation.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

  private final Findings findings = new Findings();

  private JsonOfValue() {}

  /**
   * @param mostBytes of JSON; a character may become six of them
   */
  static Reading<Payload> read(Value value, String field, int mostBytes) {
    JsonOfValue writer = new JsonOfValue();
    Bounded bytes = new Bounded(mostBytes);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      writer.write(value, Place.of(field), json);
    } catch (TooLongException e) {
      return new Reading.Unreadable<>(
          new Violation(field, "has at most " + mostBytes + " bytes of JSON", "more"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Violation> violations = writer.findings.all();
    return violations.isEmpty()
        ? new Reading.Read<>(Payload.ofJson(bytes.toByteArray()))
        : new Reading.Unreadable<>(violations);
  }

  private void write(Value value, Place place, JsonGenerator json) throws IOException {
    switch (value.getKindCase()) {
      case NULL_VALUE, KIND_NOT_SET -> json.writeNull();
      case BOOL_VALUE -> json.writeBoolean(value.getBoolValue());
      case STRING_VALUE -> json.writeString(value.getStringValue());
      case NUMBER_VALUE -> writeNumber(value.getNumberValue(), place, json);
      case STRUCT_VALUE -> writeObject(value.getStructValue(), place, json);
      case LIST_VALUE -> writeArray(value.getListValue(), place, json);
    }
  }

  private void writeNumber(double number, Place place, JsonGenerator json) throws IOException {
    if (!(Math.abs(number) < FIRST_UNSAFE)) {
      findings.add(
          place,
          "a number in a data part is below 2^53; greater ones travel in a raw part",
          "a number that is not");
      json.writeNull();
    } else if (number == Math.rint(number)) {
      json.writeNumber((long) number);
    } else {
      json.writeNumber(number);
    }
  }

  private void writeObject(Struct object, Place place, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Value> member : object.getFieldsMap().entrySet()) {
      json.writeFieldName(member.getKey());
      write(member.getValue(), place.member(Names.printable(member.getKey())), json);
    }
    json.writeEndObject();
  }

  private void writeArray(ListValue array, Place place, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < array.getValuesCount(); i++) {
      write(array.getValues(i), place.element(i), json);
    }
    json.writeEndArray();
  }

  private static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes no more than so much. */
  private static final class Bounded extends OutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final int most;

    Bounded(int most) {
      this.most = most;
    }

    byte[] toByteArray() {
      return taken.toByteArray();
    }

    @Override
    public void write(int single) throws TooLongException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws TooLongException {
      if (length > most - taken.size()) {
        throw new TooLongException();
      }
      taken.write(bytes, from, length);
    }
  }
}
