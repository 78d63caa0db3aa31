package io.agentweave.validation;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import io.agentweave.call.Violation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static JsonNode parsed(String json) {
    return switch (Json.read(json.getBytes(UTF_8))) {
      case JsonReading.Parsed(JsonNode tree) -> tree;
      case JsonReading.Refused(List<Violation> violations) ->
          throw new AssertionError(violations.toString());
    };
  }

  private static List<String> refused(byte[] json, JsonLimits limits) {
    return switch (Json.read(json, limits)) {
      case JsonReading.Parsed(JsonNode tree) -> throw new AssertionError("was read");
      case JsonReading.Refused(List<Violation> violations) ->
          violations.stream().map(Violation::toString).toList();
    };
  }

  private static List<String> refused(String json) {
    return refused(json.getBytes(UTF_8), JsonLimits.USUAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[1,",
        "{\"a\":",
        "\"abc",
        "tru",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "01",
        "1.",
        "+1",
        ".5",
        "-",
        "[\"\t\"]",
        "/* */ 1",
        "undefined",
        "\"\\x\"",
        "\"\\u12\"",
        "\u00a01"
      })
  void whatIsNotJson_isRefused(String json) {
    assertThat(refused(json)).hasSize(1);
  }

  @Test
  void syntaxErrors_sayWhereAndQuoteNothing() {
    assertThat(refused("{\"card\": \"ok\",\n \"pin\": hunter2}"))
        .containsExactly("payload: must be JSON (found a mistake in line 2, column 16)");
    assertThat(refused("{\"a\": [1, {\"b\": \"hunter"))
        .containsExactly("payload: must be complete JSON (found the text ends in line 1)");
  }

  @Test
  void nothing_isNoDocument() {
    assertThat(refused("")).containsExactly("payload: must be JSON (found nothing)");
    assertThat(refused(" \n")).containsExactly("payload: must be JSON (found nothing)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {}", "{} x", "1 2", "[]]"})
  void moreThanOneDocument_isRefused(String json) {
    assertThat(refused(json)).hasSize(1).first().asString().contains("must be one JSON document");
  }

  @Test
  void textThatIsNotUtf8_isRefused() {
    byte[] latin = {'"', (byte) 0xE9, '"'};
    byte[] overlong = {'"', (byte) 0xC0, (byte) 0x80, '"'};
    byte[] surrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
    byte[] utf16 = "{\"a\":1}".getBytes(UTF_16LE);
    assertThat(refused(latin, JsonLimits.USUAL)).first().asString().contains("must be UTF-8");
    assertThat(refused(overlong, JsonLimits.USUAL)).first().asString().contains("must be UTF-8");
    assertThat(refused(surrogate, JsonLimits.USUAL)).first().asString().contains("must be UTF-8");
    assertThat(refused(utf16, JsonLimits.USUAL)).hasSize(1);
    assertThat(refused("\uFEFF{}")).first().asString().contains("byte order mark");
  }

  @Test
  void everyForbiddenPiece_isNamedWithItsPathAtOnce() {
    assertThat(
            refused(
                """
                {"a": 1, "list": [{"x": "\\u0000"}, "\\ud800", 1e400, NaN], "a": 2,
                 "big": -1e400, "tiny": 1e-400, "low": "\\udc00\\ud800", "huge": 0e999999999,
                 "beyond": 1e99999999999}
                """))
        .containsExactly(
            "list[0].x: must not hold \\u0000 (found text of 1 characters)",
            "list[1]: must not hold a lone surrogate (found text of 1 characters)",
            "list[2]: must be a number within the range of a double"
                + " (found a number of 5 characters)",
            "list[3]: must be a number that JSON has (found NaN or an infinity)",
            "a: must stand only once in its object (found the same name again)",
            "big: must be a number within the range of a double (found a number of 6 characters)",
            "tiny: must be a number within the range of a double (found a number of 6 characters)",
            "low: must not hold a lone surrogate (found text of 2 characters)",
            "huge: must be a number within the range of a double"
                + " (found a number of 11 characters)",
            "beyond: must be a number within the range of a double"
                + " (found a number of 13 characters)");
  }

  @Test
  void memberNames_areCheckedAndPrintedHarmlessly() {
    assertThat(refused("{\"a\\u0000\": 1}"))
        .containsExactly("a?: must not hold \\u0000 (found a name of 2 characters)");
    assertThat(refused("{\"x\\ny\": {\"z\": NaN}}")).first().asString().startsWith("x?y.z: ");
    assertThat(refused("{\"" + "n".repeat(500) + "\": NaN}"))
        .first()
        .asString()
        .startsWith("n".repeat(64) + "...: ");
  }

  @Test
  void nesting_isAllowedToTheLimitAndNoFurther() {
    parsed("[".repeat(64) + "]".repeat(64));
    assertThat(refused("[".repeat(65) + "]".repeat(65)))
        .containsExactly("payload: must not nest deeper than 64 levels (found a deeper level)");
    assertThat(refused("{\"a\":".repeat(10_000))).hasSize(1);
  }

  @Test
  void size_isAllowedToTheLimitAndNoFurther() {
    JsonLimits ten = JsonLimits.ofBytes(10);
    assertThat(Json.read("\"12345678\"".getBytes(UTF_8), ten))
        .isInstanceOf(JsonReading.Parsed.class);
    assertThat(refused("\"123456789\"".getBytes(UTF_8), ten))
        .containsExactly("payload: must be at most 10 bytes (found 11 bytes)");
  }

  @Test
  void longNumbers_areRefusedBeforeTheyCostTime() {
    parsed("1".repeat(1000));
    assertThat(refused("1".repeat(1001)))
        .containsExactly(
            "payload: must be a number of at most 1000 characters"
                + " (found a number of 1001 characters)");
    assertThat(refused("0." + "1".repeat(4_000_000)))
        .containsExactly(
            "payload: must be a number of at most 1000 characters"
                + " (found a number of 4000002 characters)");
  }

  @Test
  void tooManyViolations_areCountedInsteadOfListed() {
    String json = "[" + "NaN,".repeat(5000) + "1]";
    assertThat(refused(json))
        .hasSize(Findings.MOST + 1)
        .last()
        .asString()
        .contains("4900 further violations");
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740993",
    "-9223372036854775809",
    "123456789012345678901234567890123456789012345678901234567890",
    "0.1000000000000000055511151231257827021181583404541015625",
    "1.10",
    "1E+5",
    "0.0",
    "1.7976931348623157E+308"
  })
  void numbers_keepTheirExactValue(String number) {
    JsonNode node = parsed(number);
    assertThat(new BigDecimal(number)).isEqualTo(node.decimalValue());
    assertThat(new String(Json.write(node), UTF_8)).isEqualTo(number);
  }

  @Test
  void largeIntegers_areIntegers() {
    assertThat(parsed("9007199254740993").bigIntegerValue())
        .isEqualTo(new BigInteger("9007199254740993"));
    assertThat(parsed("9007199254740993").isIntegralNumber()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ude00\\ud83d", "a\\ud83da", "\\ud83d\\ud83d"})
  void loneSurrogateInAName_isNamed(String name) {
    assertThat(refused("{\"a\": [{\"" + name + "\": 1}]}"))
        .singleElement()
        .asString()
        .startsWith("payload: must not hold a lone surrogate in a name (found a mistake in line 1");
  }

  @Test
  void pairsOfSurrogates_areText() {
    assertThat(parsed("\"\\ud83d\\ude00\"").textValue()).isEqualTo("\ud83d\ude00");
    assertThat(parsed("\"\ud83d\ude00\"").textValue()).isEqualTo("\ud83d\ude00");
  }

  record Written(String eventId, Optional<String> userName, Instant at, List<Integer> list) {}

  @Test
  void records_areWrittenInSnakeCaseWithoutAbsentMembers() {
    Instant at = Instant.parse("2026-11-21T10:00:00Z");
    assertThat(Json.writeText(new Written("e", Optional.empty(), at, List.of())))
        .isEqualTo("{\"event_id\":\"e\",\"at\":\"2026-11-21T10:00:00Z\",\"list\":[]}");
    assertThat(Json.writeText(new Written("e", Optional.of("n"), at, List.of(1))))
        .contains("\"user_name\":\"n\"");
  }

  record Measured(Double meanTime, float[] rates, List<Double> parts, Map<String, Object> byName) {}

  @Test
  void numberThatJsonHasNot_isNotWritten_andItsFieldIsNamed() {
    float[] fine = {1};
    assertUnwritable(new Measured(Double.NaN, fine, List.of(), Map.of()), "mean_time");
    assertUnwritable(new Measured(1.0, new float[] {1, Float.NaN}, List.of(), Map.of()), "rates");
    assertUnwritable(
        new Measured(1.0, fine, List.of(1.0, Double.NEGATIVE_INFINITY), Map.of()), "parts[1]");
    assertUnwritable(
        new Measured(1.0, fine, List.of(), Map.of("a b", new double[] {Double.NaN})),
        "by_name.a?b");
    assertUnwritable(
        new Measured(1.0, fine, List.of(), Map.of("tree", DoubleNode.valueOf(Double.NaN))),
        "by_name.tree");
    assertThat(Json.writeText(new Measured(1.5, fine, List.of(-0.25), Map.of())))
        .isEqualTo("{\"mean_time\":1.5,\"rates\":[1.0],\"parts\":[-0.25],\"by_name\":{}}");
  }

  private static void assertUnwritable(Object value, String field) {
    for (ThrowingCallable writing :
        List.<ThrowingCallable>of(() -> Json.write(value), () -> Json.writeText(value))) {
      assertThatThrownBy(writing)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("Measured, " + field + " must be a finite number");
    }
  }

  @Test
  void aTreeThatWouldFillTheHeap_isRefusedBeforeItIsBuilt() {
    String objects = "[" + "{},".repeat(1_300_000) + "{}]";
    assertThat(refused(objects.getBytes(UTF_8), JsonLimits.USUAL))
        .first()
        .asString()
        .contains("must be of fewer objects, lists and values");
    String members = "[" + "{\"a\":1},".repeat(400_000) + "{}]";
    assertThat(refused(members.getBytes(UTF_8), JsonLimits.USUAL)).hasSize(1);
    String numbers = "[" + "1,".repeat(500_000) + "1]";
    assertThat(Json.read(numbers.getBytes(UTF_8))).isInstanceOf(JsonReading.Parsed.class);
  }

  @Test
  void whoHasNoRoomLeft_buildsNoTree() {
    byte[] json = ("[" + "{},".repeat(10_000) + "{}]").getBytes(UTF_8);
    long[] taken = new long[1];
    JsonReading read =
        TreeRoom.within(
            bytes -> {
              taken[0] += bytes;
              return taken[0] <= 1_000_000;
            },
            () -> Json.read(json));
    assertThat(read).isInstanceOf(JsonReading.Refused.class);
    assertThat(taken[0]).isBetween(1_000_000L, 1_200_000L);
    assertThat(TreeRoom.within(bytes -> true, () -> Json.read(json)))
        .isInstanceOf(JsonReading.Parsed.class);
  }
}
