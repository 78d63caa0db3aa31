package io.agentweave.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import io.agentweave.validation.QuickJson.GivesUp;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickJsonTest {
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ",",
    ":",
    ":",
    "\"a\"",
    "\"a\"",
    "\"b\"",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u00e9\\n\"",
    "\"\\x\"",
    "\"é😀\"",
    "\"\uFFFD\"",
    "0",
    "-0",
    "12",
    "01",
    "-0.5",
    "1.",
    "1e5",
    "1e400",
    "NaN",
    "null",
    "true",
    "false",
    "tru",
    " ",
    "\n",
    "\"",
    "\\",
    "\u0001",
    "x",
    "\u00a0"
  };

  private static boolean isRead(byte[] json, JsonLimits limits) {
    try {
      QuickJson in = new QuickJson(json, 0, json.length, limits);
      in.value();
      in.expectEnd();
      return true;
    } catch (GivesUp e) {
      return false;
    }
  }

  private static boolean isRead(String json) {
    return isRead(json.getBytes(UTF_8), JsonLimits.USUAL);
  }

  /** JSON by its grammar, of which some pieces are not what they should be. */
  private static String value(Anything any, int deep) {
    String kind = any.of("list", "object", "piece", "piece");
    if (deep > 0 && kind.equals("list")) {
      return "[" + String.join(",", any.list(0, 4, () -> value(any, deep - 1))) + "]";
    } else if (deep > 0 && kind.equals("object")) {
      return "{"
          + String.join(
              " , ",
              any.list(
                  0,
                  4,
                  () -> any.of("\"a\"", "\"b\"", "\"c\"", "\"é\"") + ":" + value(any, deep - 1)))
          + "}";
    }
    return any.of(PIECES);
  }

  @Test
  void whatIsReadQuickly_isWhatStrictReadingTakes() {
    JsonLimits limits = new JsonLimits(200, 3, 5);
    Anything.tried(
        5000,
        any -> {
          byte[] json =
              any.of(value(any, 4), String.join("", any.list(0, 12, () -> any.of(PIECES))))
                  .getBytes(UTF_8);
          if (isRead(json, limits)) {
            assertThat(Json.read(json, limits)).isInstanceOf(JsonReading.Parsed.class);
          }
        });
    Anything.tried(1000, any -> assertThat(isRead(any.bytes(40), limits)).isFalse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " [ ] ",
        "{\"a\": [1, -2.50, 0, 1e5, -1.5E-07, true, false, null, \"\\\"\\\\\\/\\b\\f\\n"
            + "\\r"
            + "\\t\\u00e9\"], \"é\": {}}"
      })
  void ordinaryJson_isReadQuickly(String json) {
    assertThat(isRead(json)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "01",
        "1.",
        "-",
        "+1",
        ".5",
        "1e400",
        "NaN",
        "\"\t\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"abc",
        "{} {}",
        "tru",
        "nul",
        "{a:1}",
        "{'a':1}",
        "\uFEFF{}",
        "\u00a01"
      })
  void whatNeedsACloserLook_isNotReadQuickly(String json) {
    assertThat(isRead(json)).isFalse();
  }

  @Test
  void limits_holdToTheLast() {
    assertThat(isRead("[".repeat(64) + "]".repeat(64))).isTrue();
    assertThat(isRead("[".repeat(65) + "]".repeat(65))).isFalse();
    assertThat(isRead("1".repeat(1000))).isTrue();
    assertThat(isRead("1".repeat(1001))).isFalse();
    assertThat(isRead("1".repeat(197) + "e99")).isTrue();
    assertThat(isRead("1".repeat(198) + "e99")).isFalse();
    assertThat(isRead("1e100")).isFalse();
    assertThat(isRead("\"12345678\"".getBytes(UTF_8), JsonLimits.ofBytes(10))).isTrue();
    assertThat(isRead("\"123456789\"".getBytes(UTF_8), JsonLimits.ofBytes(10))).isFalse();
  }

  @Test
  void objectsOfManyMembers_areLeftToTheStrictReader() {
    assertThat(isRead(members(64))).isTrue();
    assertThat(isRead(members(65))).isFalse();
    assertThat(Json.read(members(65).getBytes(UTF_8))).isInstanceOf(JsonReading.Parsed.class);
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"m" + i + "\":{\"a\":" + i + "}")
        .collect(Collectors.joining(",", "{", "}"));
  }

  enum Colour {
    RED,
    GREEN
  }

  record Inner(@Min(0) @Max(9) int digit, Optional<String> note) {}

  record Whole(
      @NotBlank @Size(max = 3) String name,
      Instant at,
      Colour colour,
      List<Inner> inner,
      Map<String, Integer> numbers,
      ObjectText more,
      @Nullable String maybe) {}

  private static String whole(Anything any) {
    List<String> members = new ArrayList<>();
    members.add("\"name\":" + any.of("\"abc\"", "\"abcd\"", "\" \"", "\"\\u00e9\"", "5"));
    members.add(
        "\"at\":"
            + any.of(
                "\"2026-11-21T10:00:00Z\"",
                "\"2026-11-21T10:00:00+01:00\"",
                "\"2026-11-21T10:00:00\""));
    members.add("\"colour\":" + any.of("\"red\"", "\"green\"", "\"blue\""));
    members.add("\"inner\":" + any.of("[]", "[{\"digit\":5}]", "[{\"digit\":10}]", "[null]"));
    members.add("\"numbers\":" + any.of("{}", "{\"a\":1}", "{\"a\":1,\"a\":1}", "{\"a\":1.5}"));
    members.add("\"more\":" + any.of("{}", "{\"a\":[1]}", "[]"));
    members.add("\"maybe\":" + any.of("null", "\"x\""));
    switch (any.between(0, 9)) {
      case 0 -> members.remove(any.between(0, 6));
      case 1 -> members.add(members.get(any.between(0, 6)));
      case 2 -> members.add("\"unknown\":1");
      default -> Collections.rotate(members, any.between(0, 6));
    }
    return "{" + String.join(",", members) + "}";
  }

  @Test
  void recordsReadQuickly_areThoseReadFromTheTree() {
    RecordReader<Whole> reader = RecordReader.of(Whole.class);
    int[] quick = new int[1];
    Anything.tried(
        20_000,
        any -> {
          byte[] json = whole(any).getBytes(UTF_8);
          Whole plain = reader.readPlain(json, 0, json.length, JsonLimits.USUAL);
          if (plain != null) {
            quick[0]++;
            assertThat(Json.read(json)).isInstanceOf(JsonReading.Parsed.class);
            assertThat(reader.read(((JsonReading.Parsed) Json.read(json)).tree()))
                .isEqualTo(new Reading.Read<>(plain));
          }
        });
    assertThat(quick[0]).isPositive();
  }

  record Ranged(@Negative int number) {}

  record Odd(int low, int high) {
    @AssertTrue
    boolean isOrdered() {
      return low <= high;
    }
  }

  @Test
  void constraintsThatAreNotKnownHere_areLeftToTheValidator() {
    assertThat(Constraints.surelyHold(new Ranged(-1))).isFalse();
    assertThat(Constraints.surelyHold(new Odd(1, 2))).isFalse();
    assertThat(RecordReader.of(Ranged.class).read("{\"number\":-1}".getBytes(UTF_8)))
        .isEqualTo(new Reading.Read<>(new Ranged(-1)));
    assertThat(RecordReader.of(Ranged.class).read("{\"number\":0}".getBytes(UTF_8)))
        .isInstanceOf(Reading.Unfit.class);
  }
}
