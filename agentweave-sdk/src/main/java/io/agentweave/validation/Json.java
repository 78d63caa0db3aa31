package io.agentweave.validation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agentweave.call.Payload;

/**
 * JSON as the mesh writes it (snake case for records, lower case for enums, ISO 8601 times) and as
 * it reads it: strictly, so that every agent, the database and the sender agree on what a document
 * says.
 *
 * <p>Read is RFC 8259 text in UTF-8, one document. Refused by name besides: duplicate members,
 * {@code NaN} and infinities, numbers beyond the range of a double, {@code \u0000}, lone
 * surrogates, a byte order mark, and what goes beyond {@link JsonLimits}. Numbers keep their exact
 * value, whatever their length.
 */
public final class Json {
  private static final ObjectMapper WRITER =
      // One pool for all threads: each call has a thread of its own, which would make new buffers.
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
                  .addDecorator((_, generator) -> new FiniteNumbers(generator))
                  .build())
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          // Otherwise what lies beyond the basic plane is escaped, in twice the bytes.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  private Json() {}

  /**
   * UTF-8 text of a record, map, tree or list. An empty component is left out.
   *
   * @throws IllegalArgumentException that names the field, when JSON cannot say it: {@code NaN}, an
   *     infinity, an object of a type that nobody knows how to write
   */
  public static byte[] write(Object value) {
    try {
      return WRITER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw unwritable(value, e);
    }
  }

  /** Text of the same, for a log line or a terminal. */
  public static String writeText(Object value) {
    try {
      return WRITER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unwritable(value, e);
    }
  }

  private static IllegalArgumentException unwritable(Object value, JsonProcessingException e) {
    StringBuilder place = new StringBuilder();
    if (e instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        if (step.getFieldName() == null) {
          place.append('[').append(step.getIndex()).append(']');
        } else {
          place.append(place.isEmpty() ? "" : ".").append(Names.printable(step.getFieldName()));
        }
      }
    }
    return new IllegalArgumentException(
        "not writable as JSON: "
            + value.getClass()
            + (place.isEmpty() ? "" : ", " + place)
            + (e instanceof FiniteNumbers.NotFinite ? " " + FiniteNumbers.RULE : ""),
        e);
  }

  public static JsonReading read(Payload payload, JsonLimits limits) {
    return read(payload.bytes(), limits);
  }

  public static JsonReading read(byte[] utf8, JsonLimits limits) {
    return new StrictJson(limits).read(utf8);
  }

  /** Reads within {@link JsonLimits#USUAL}. */
  public static JsonReading read(byte[] utf8) {
    return read(utf8, JsonLimits.USUAL);
  }
}
