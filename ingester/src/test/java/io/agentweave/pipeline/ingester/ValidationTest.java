package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValidationTest {
  private static final String GOOD =
      """
      {"event_id":"e-1","event_type":"t","timestamp":"2026-11-18T12:00:00+01:00","user_id":"u",
       "source":"s","properties":{}}
      """;

  private static Validation of(String json) {
    return Validation.of(JsonSlice.of(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> errors(String json) {
    return switch (of(json)) {
      case Validation.Valid valid -> List.of();
      case Validation.Invalid invalid -> invalid.errors();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"event_id\":\"e-1\"     | \"event_id\":\"\"          | event_id",
        "\"event_id\":\"e-1\"     | \"event_id\":7            | event_id",
        "\"event_id\":\"e-1\"     | \"event_id\":null         | event_id",
        "\"event_id\":\"e-1\"     | \"id\":\"e-1\"             | event_id",
        "\"event_type\":\"t\"     | \"event_type\":\"a\\nb\"   | event_type",
        "\"user_id\":\"u\"        | \"user_id\":\"  \"         | user_id",
        "\"source\":\"s\"         | \"source\":[]              | source",
        "\"properties\":{}      | \"properties\":[]          | properties",
        "\"properties\":{}      | \"properties\":null        | properties",
        "\"properties\":{}      | \"properties\":{},\"x\":1  | x",
        "12:00:00+01:00         | 12:00:00                 | timestamp",
        "2026-11-18T12          | 2026-02-30T12            | timestamp",
        "2026-11-18T12:00       | 2026-11-18T12:00:61      | timestamp",
        "2026-11-18T12:00:00+01:00 | yesterday             | timestamp",
        "2026-11-18T12:00:00+01:00 | 0001-01-01T00:00:00+14:00 | timestamp",
        "2026-11-18T12:00:00+01:00 | 9999-12-31T23:59:59-00:01 | timestamp"
      })
  void wrongField_isNamed(String good, String bad, String field) {
    assertThat(GOOD).contains(good);
    assertThat(errors(GOOD.replace(good, bad))).anyMatch(error -> error.startsWith(field + ": "));
  }

  @Test
  void allWrongFields_areNamedAtOnce() {
    assertThat(errors("{\"event_id\":\"\",\"more\":1,\"timestamp\":\"2026-11-18T12:00:00\"}"))
        .extracting(error -> error.substring(0, error.indexOf(':')))
        .containsExactlyInAnyOrder(
            "event_id", "event_type", "timestamp", "user_id", "source", "properties", "more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":\"\\u0000\"}        | u0000",
        "{\"a\":\"\\ud83d\"}        | surrogate",
        "{\"a\":1e400}             | double",
        "{\"a\":NaN}               | number",
        "{\"a\":1,\"a\":2}          | once",
        "{\"a\":1                  | complete",
        "{\"a\":'b'}               | JSON"
      })
  void whatIsJsonOnlyToSome_isRefusedByName(String properties, String rule) {
    assertThat(errors(GOOD.replace("\"properties\":{}", "\"properties\":" + properties)))
        .anyMatch(error -> error.contains(rule));
  }

  @Test
  void depthThatNoBatchCouldCarry_isRefused() {
    String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
    assertThat(errors(GOOD.replace("\"properties\":{}", "\"properties\":" + deep)))
        .anyMatch(error -> error.contains("32 levels"));
  }

  @Test
  void eventBeyondItsSize_isRefused() {
    String large = "{\"a\":\"" + "x".repeat(128 << 10) + "\"}";
    assertThat(errors(GOOD.replace("\"properties\":{}", "\"properties\":" + large)))
        .anyMatch(error -> error.contains("131072 bytes"));
  }

  @Test
  void lineOfText_isNotJson() {
    assertThat(of("\"2026-11-18 INFO a log line\""))
        .isInstanceOfSatisfying(
            Validation.Invalid.class, bad -> assertThat(bad.reason()).isEqualTo("not_json"));
  }

  @Test
  void lineThatIsNotUtf8_isNotJson() {
    assertThat(of("{\"line_base64\":\"w4MoIg==\"}"))
        .isEqualTo(
            new Validation.Invalid(
                Optional.empty(),
                "not_json",
                List.of("payload: must be UTF-8 (found a line of other bytes, kept as base64)")));
  }

  @Test
  void errors_neverShowValues() {
    assertThat(
            String.join(" ", errors("{\"event_id\":\"\",\"secret\":\"hunter2\",\"source\":77777}")))
        .doesNotContain("hunter2", "77777");
  }

  @Test
  void goodEvent_isNormalisedToUtcAndMicroseconds() {
    String precise = GOOD.replace("12:00:00+01:00", "12:00:00.123456789+01:00");
    assertThat(normalized(precise))
        .contains("\"timestamp\":\"2026-11-18T11:00:00.123456Z\"", "\"version\":\"1.0\"");
  }

  @Test
  void properties_stayTheBytesThatCame() {
    String properties = "{ \"n\" : 9007199254740993, \"x\":1.10, \"e\":\"\\u00e9\" }";
    assertThat(normalized(GOOD.replace("\"properties\":{}", "\"properties\":" + properties)))
        .endsWith("\"properties\":" + properties + "}");
  }

  @Test
  void nameWithEscapes_isTheSameName() {
    assertThat(normalized(GOOD.replace("\"properties\":{}", "\"\\u0070roperties\":{ \"n\":1.10 }")))
        .endsWith("\"properties\":{\"n\":1.10}}");
  }

  private static String normalized(String json) {
    JsonSlice slice = JsonSlice.of(json.getBytes(StandardCharsets.UTF_8));
    Validation.Valid valid = (Validation.Valid) Validation.of(slice);
    return new String(Normalization.normalized(valid.event()).bytes(), StandardCharsets.UTF_8);
  }
}
