package io.agentweave.authz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.agentweave.call.Call;
import io.agentweave.call.Utf16;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The input document as every engine gets it. Its fields are a contract with the rules: a field is
 * added here, in {@link ReuseKey} and in the rules' tests, or nowhere.
 */
final class PolicyInputJson {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build();
  private static final int USUAL_SIZE = 1024;

  private PolicyInputJson() {}

  /**
   * The document alone, as UTF-8.
   *
   * @throws IllegalArgumentException when a string in it is no Unicode text
   */
  static byte[] document(PolicyInput input) {
    return written(json -> writeDocument(json, input));
  }

  /**
   * {@code {"input": document}}, as OPA's data API wants it.
   *
   * @throws IllegalArgumentException when a string in it is no Unicode text
   */
  static byte[] question(PolicyInput input) {
    return written(
        json -> {
          json.writeStartObject();
          json.writeFieldName("input");
          writeDocument(json, input);
          json.writeEndObject();
        });
  }

  private static void writeDocument(JsonGenerator json, PolicyInput input) throws IOException {
    Call call = input.call();
    expectText("action", call.action());
    expectText("request_id", call.requestId());
    expectText("task_id", call.taskId());
    json.writeStartObject();
    json.writeStringField("direction", call.direction().word());
    json.writeStringField("caller_spiffe_id", input.caller().toString());
    json.writeStringField("callee_spiffe_id", input.callee().toString());
    json.writeStringField("resource_spiffe_id", input.callee().toString());
    json.writeStringField("caller_trust_domain", input.caller().trustDomain().name());
    json.writeStringField("resource_trust_domain", input.callee().trustDomain().name());
    json.writeStringField("action", call.action());
    json.writeStringField("timestamp", input.timestamp().toString());
    json.writeObjectFieldStart("context");
    json.writeStringField("request_id", call.requestId());
    if (call.taskId() != null) {
      json.writeStringField("task_id", call.taskId());
    }
    json.writeNumberField("payload_size", call.payload().size());
    json.writeNumberField("deadline_ms", call.deadline().remainingMillis());
    json.writeStringField("environment", input.environment());
    ZonedDateTime utc = input.timestamp().atZone(ZoneOffset.UTC);
    json.writeNumberField("utc_hour", utc.getHour());
    json.writeStringField("utc_weekday", word(utc.getDayOfWeek()));
    json.writeStringField("rpc", call.rpc());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Parsers differ in what they make of half a surrogate pair, so none is asked. */
  private static void expectText(String field, @Nullable String value) {
    if (value != null && Utf16.hasLoneSurrogate(value)) {
      throw new IllegalArgumentException(field + " is no Unicode text");
    }
  }

  private static String word(DayOfWeek day) {
    return switch (day) {
      case MONDAY -> "monday";
      case TUESDAY -> "tuesday";
      case WEDNESDAY -> "wednesday";
      case THURSDAY -> "thursday";
      case FRIDAY -> "friday";
      case SATURDAY -> "saturday";
      case SUNDAY -> "sunday";
    };
  }

  private static byte[] written(Content content) {
    try (var bytes = new ByteArrayBuilder(USUAL_SIZE);
        JsonGenerator json = FACTORY.createGenerator(bytes)) {
      content.writeTo(json);
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError("writing to memory", e);
    }
  }

  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
