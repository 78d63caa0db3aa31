package io.agentweave.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.call.Violation;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {

  /** The pipeline's event, as an example that matters. */
  record Event(
      @NotBlank @Size(max = 8) String eventId,
      @NotBlank String eventType,
      OffsetDateTime timestamp,
      ObjectNode properties) {}

  private static JsonNode json(String text) {
    return ((JsonReading.Parsed) Json.read(text.getBytes(UTF_8))).tree();
  }

  private static <T extends Record> T read(Class<T> type, String text) {
    return switch (RecordReader.of(type).read(json(text))) {
      case Reading.Read<T>(T value) -> value;
      case Reading.Unfit<T>(List<Violation> violations) ->
          throw new AssertionError(violations.toString());
    };
  }

  private static <T extends Record> List<String> unfit(Class<T> type, String text) {
    return switch (RecordReader.of(type).read(json(text))) {
      case Reading.Read<T>(T value) -> throw new AssertionError("was read");
      case Reading.Unfit<T>(List<Violation> violations) ->
          violations.stream().map(Violation::toString).toList();
    };
  }

  @Test
  void everyWrongFieldOfAnEvent_isNamedAtOnce() {
    assertThat(
            unfit(
                Event.class,
                """
                {"event_id": " ", "event_typ": "hunter2", "timestamp": 5, "properties": []}
                """))
        .containsExactly(
            "event_type: is required (found nothing)",
            "timestamp: must be an RFC 3339 time such as 2026-11-21T10:00:00Z (found an integer)",
            "properties: must be an object (found a list of 0)",
            "event_typ: is unknown; did you mean event_type? (found text of 7 characters)",
            "event_id: must not be blank (found text of 1 characters)");
  }

  record Words(List<@NotBlank String> words) {}

  @Test
  void constraintsOfElementsAlone_areChecked() {
    assertThat(unfit(Words.class, "{\"words\": [\"a\", \" \"]}"))
        .containsExactly("words[1]: must not be blank (found text of 1 characters)");
  }

  @Test
  void constraints_areCheckedOnACompleteRecord() {
    assertThat(
            unfit(
                Event.class,
                """
                {"event_id": "123456789", "event_type": "", "properties": {},
                 "timestamp": "2025-12-07T10:00:00Z"}
                """))
        .containsExactly(
            "event_id: size must be between 0 and 8 (found text of 9 characters)",
            "event_type: must not be blank (found text of 0 characters)");
  }

  @Test
  void pathOfTheCaller_leadsEveryViolation() {
    Reading<Event> reading = RecordReader.of(Event.class).read(json("[]"), "events[3]");
    assertThat(reading)
        .isEqualTo(
            new Reading.Unfit<Event>(
                List.of(new Violation("events[3]", "must be an object", "a list of 0"))));
  }

  record When(Instant at) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-12-07T10:00:00Z              | 2025-12-07T10:00:00Z
          2025-12-07t10:00:00z              | 2025-12-07T10:00:00Z
          2023-05-13T22:09:38.000-04:00     | 2023-05-14T02:09:38Z
          2024-02-29T23:59:59.123456789+05:30 | 2024-02-29T18:29:59.123456789Z
          """)
  void moments_areRead(String text, Instant expected) {
    assertThat(read(When.class, "{\"at\": \"" + text + "\"}").at()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-12-07T10:00:00               | must have an offset
          2025-12-07T10:00:00.5             | must have an offset
          2025-02-29T10:00:00Z              | must be a date and time that exist
          2025-13-01T10:00:00Z              | must be a date and time that exist
          2025-12-07T24:00:00Z              | must be a date and time that exist
          2025-12-07T23:59:60Z              | must be a date and time that exist
          2025-12-07T10:00:00+19:00         | must be a date and time that exist
          0000-01-01T00:00:00Z              | must be a date and time that exist
          2025-12-07                        | must be an RFC 3339 time
          2025-12-07 10:00:00Z              | must be an RFC 3339 time
          2025-12-07T10:00Z                 | must be an RFC 3339 time
          +12025-12-07T10:00:00Z            | must be an RFC 3339 time
          2025-12-07T10:00:00+0100          | must be an RFC 3339 time
          2025-12-07T10:00:00Z[Europe/Paris] | must be an RFC 3339 time
          1733565600                        | must be an RFC 3339 time
          ''                                | must be an RFC 3339 time
          """)
  void whatIsNoMoment_isRefusedByName(String text, String rule) {
    assertThat(unfit(When.class, "{\"at\": \"" + text + "\"}"))
        .hasSize(1)
        .first()
        .asString()
        .contains(rule)
        .endsWith("(found text of " + text.length() + " characters)");
  }

  enum Color {
    RED,
    DARK_BLUE
  }

  record Everything(
      String text,
      boolean truth,
      int small,
      Long large,
      double real,
      BigInteger huge,
      BigDecimal exact,
      Color color,
      LocalDate day,
      UUID id,
      List<Inner> list,
      Map<String, Integer> map,
      Optional<String> maybe,
      @Nullable String perhaps,
      JsonNode any) {}

  record Inner(@Positive int x) {}

  private static final String EVERYTHING =
      """
      {"text": "t", "truth": true, "small": 5.0, "large": 9007199254740993, "real": 1,
       "huge": 123456789012345678901234567890, "exact": 1.10, "color": "dark_blue",
       "day": "2024-02-29", "id": "123e4567-e89b-12d3-a456-426614174000",
       "list": [{"x": 1}], "map": {"a": 1}, "maybe": null, "any": [1, "2"]}
      """;

  @Test
  void everyType_isRead() {
    Everything all = read(Everything.class, EVERYTHING);
    assertThat(all.small()).isEqualTo(5);
    assertThat(all.large()).isEqualTo(9007199254740993L);
    assertThat(all.huge()).isEqualTo(new BigInteger("123456789012345678901234567890"));
    assertThat(all.exact()).isEqualTo(new BigDecimal("1.10"));
    assertThat(all.color()).isEqualTo(Color.DARK_BLUE);
    assertThat(all.day()).isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(all.list()).containsExactly(new Inner(1));
    assertThat(all.map()).containsExactly(Map.entry("a", 1));
    assertThat(all.maybe()).isEmpty();
    assertThat(all.perhaps()).isNull();
    assertThat(all.any()).hasToString("[1,\"2\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "text": "t"          | "text": 5            | text: must be text (found an integer)
          "truth": true        | "truth": "true"      | truth: must be true or false (found text of 4 characters)
          "small": 5.0         | "small": 5.5         | small: must be an integer of at most 32 bits (found a decimal)
          "small": 5.0         | "small": 2147483648  | small: must be an integer of at most 32 bits (found an integer)
          "small": 5.0         | "small": 1e300       | small: must be an integer of at most 32 bits (found a decimal)
          "large": 9007199254740993 | "large": 9223372036854775808 | large: must be an integer of at most 64 bits (found an integer)
          "real": 1            | "real": "1"          | real: must be a number (found text of 1 characters)
          "exact": 1.10        | "exact": "1.10"      | exact: must be a number (found text of 4 characters)
          "color": "dark_blue" | "color": "DARK_BLUE" | color: must be red or dark_blue (found text of 9 characters)
          "day": "2024-02-29"  | "day": "2025-02-29"  | day: must be a date such as 2026-11-21 that exists (found text of 10 characters)
          "list": [{"x": 1}]   | "list": [{"x": 1}, {"x": 0}] | list[1].x: must be greater than 0 (found a number)
          "list": [{"x": 1}]   | "list": [null]       | list[0]: must be an object (found null)
          "map": {"a": 1}      | "map": {"a": "b"}    | map.a: must be an integer of at most 32 bits (found text of 1 characters)
          "maybe": null        | "maybe": 1           | maybe: must be text (found an integer)
          "text": "t"          | "text": null         | text: must be text (found null)
          """)
  void nothing_isConvertedSilently(String right, String wrong, String violation) {
    assertThat(unfit(Everything.class, EVERYTHING.replace(right, wrong)))
        .containsExactly(violation);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123e4567e89b12d3a456426614174000",
        "1-1-1-1-1",
        "123e4567-e89b-12d3-a456-42661417400g"
      })
  void whatIsNoUuid_isRefused(String text) {
    assertThat(
            unfit(
                Everything.class, EVERYTHING.replace("123e4567-e89b-12d3-a456-426614174000", text)))
        .hasSize(1);
  }

  record Tree(@Min(0) int weight, Optional<List<Tree>> children) {}

  @Test
  void records_mayHoldTheirOwnKind() {
    assertThat(read(Tree.class, "{\"weight\": 1, \"children\": [{\"weight\": 2}]}"))
        .isEqualTo(new Tree(1, Optional.of(List.of(new Tree(2, Optional.empty())))));
    assertThat(unfit(Tree.class, "{\"weight\": 1, \"children\": [{\"weight\": -2}]}"))
        .containsExactly("children[0].weight: must be greater than or equal to 0 (found a number)");
  }

  record Range(int from, int to) {
    @AssertTrue(message = "must not end before it starts")
    public boolean isOrdered() {
      return from <= to;
    }
  }

  record Strict(String text) {
    Strict {
      if (text.equals("secret")) {
        throw new IllegalArgumentException("found " + text);
      }
    }
  }

  @Test
  void rulesOfAWholeRecord_areViolationsWithoutItsValues() {
    assertThat(unfit(Range.class, "{\"from\": 2, \"to\": 1}"))
        .containsExactly("ordered: must not end before it starts (found true or false)");
    assertThat(unfit(Strict.class, "{\"text\": \"secret\"}"))
        .containsExactly(
            "payload: has members that do not fit together (found an object of 1 members)");
  }

  record Wrapped(Thread thread) {}

  @Test
  void aTypeThatCannotBeRead_isABug() {
    assertThatThrownBy(() -> RecordReader.of(Wrapped.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
  }

  enum Colour {
    RED,
    DARK_BLUE
  }

  record Painted(Colour colour, List<Colour> more, Optional<Colour> none) {}

  @Test
  void enumsAreWrittenAsTheyAreRead() {
    Painted painted = new Painted(Colour.DARK_BLUE, List.of(Colour.RED), Optional.empty());

    assertThat(Json.writeText(painted)).isEqualTo("{\"colour\":\"dark_blue\",\"more\":[\"red\"]}");
    assertThat(RecordReader.of(Painted.class).read(json(Json.writeText(painted))))
        .isEqualTo(new Reading.Read<>(painted));
  }
}
