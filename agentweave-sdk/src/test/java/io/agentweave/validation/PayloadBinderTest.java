package io.agentweave.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.call.Payload;
import io.agentweave.call.Violation;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PayloadBinderTest {

  record Event(@NotBlank String eventId, Optional<String> note) {}

  /** Stands for what the mesh supplies. */
  record Context(String caller) {}

  @SuppressWarnings("unused")
  public static final class Handlers {
    public void nothing() {}

    public void byName(String eventId, int maxCount, Context context) {}

    public void optional(Optional<Integer> limit, @Nullable String note) {}

    public void oneRecord(Event eventData, Context context) {}

    public void twoRecords(Event first, Event second) {}

    public void nested(Wrapper wrapper) {}

    public void list(@Size(max = 2) List<@Positive Integer> numbers, @NotBlank String name) {}

    public void picky(@Even String word, int number) {}

    public void tree(JsonNode eventData) {}

    public void raw(Payload anything, Context context) {}

    public void impossible(Thread thread) {}
  }

  @Retention(RetentionPolicy.RUNTIME)
  @jakarta.validation.Constraint(validatedBy = EvenLength.class)
  @interface Even {
    String message() default "must be even";

    Class<?>[] groups() default {};

    Class<? extends jakarta.validation.Payload>[] payload() default {};
  }

  /** Written without a thought of null. */
  public static final class EvenLength implements ConstraintValidator<Even, String> {
    @Override
    public boolean isValid(String value, ConstraintValidatorContext context) {
      return value.length() % 2 == 0;
    }
  }

  record Wrapper(Event wrapper) {}

  private static PayloadBinder binder(String method) {
    Method found =
        Arrays.stream(Handlers.class.getDeclaredMethods())
            .filter(m -> m.getName().equals(method))
            .findFirst()
            .orElseThrow();
    return PayloadBinder.of(new Handlers(), found, Set.of(Context.class), JsonLimits.USUAL);
  }

  private static List<@Nullable Object> bound(String method, String json) {
    return switch (binder(method).bind(Payload.ofJson(json))) {
      case Binding.Bound bound -> Arrays.asList(bound.argumentsWith(new Context("me")));
      case Binding.Unfit(List<Violation> violations) ->
          throw new AssertionError(violations.toString());
    };
  }

  private static List<String> unfit(String method, String json) {
    return switch (binder(method).bind(Payload.ofJson(json))) {
      case Binding.Bound bound -> throw new AssertionError("was bound");
      case Binding.Unfit(List<Violation> violations) ->
          violations.stream().map(Violation::toString).toList();
    };
  }

  @Test
  void members_bindByNameInEitherSpelling() {
    assertThat(bound("byName", "{\"max_count\": 2, \"event_id\": \"e\"}"))
        .containsExactly("e", 2, new Context("me"));
    assertThat(bound("byName", "{\"maxCount\": 2, \"eventId\": \"e\"}"))
        .containsExactly("e", 2, new Context("me"));
  }

  /** An escape in a name is left to the reader that makes a tree. */
  @Test
  void oneRecord_isBoundAlikeWithATreeAndWithoutOne() {
    for (String json :
        List.of(
            "{\"event_data\":{\"event_id\":\"e\",\"note\":\"n\"}}",
            "{\"event_id\":\"e\",\"note\":\"n\"}",
            "{\"event_id\":\"e\"}",
            "{\"eventData\":{\"event_id\":\"e\"}}",
            "{\"event_id\":\"e\",\"event_data\":{\"event_id\":\"f\"}}",
            "{\"event_data\":{\"event_id\":\"e\"},\"event_data\":{\"event_id\":\"f\"}}",
            "{\"event_data\":{\"event_id\":\"e\"},\"more\":1}",
            "{\"event_data\":null}",
            "{\"event_data\":{\"event_id\":\" \"}}")) {
      assertThat(binder("oneRecord").bind(Payload.ofJson(json)))
          .as(json)
          .isEqualTo(
              binder("oneRecord")
                  .bind(Payload.ofJson(json.replaceFirst("event", "\\\\u0065vent"))));
    }
  }

  @Test
  void bothSpellingsAtOnce_areRefused() {
    assertThat(unfit("byName", "{\"max_count\": 2, \"event_id\": \"e\", \"eventId\": \"f\"}"))
        .containsExactly("event_id: must stand only once (found it and eventId)");
  }

  @Test
  void everyMistake_isNamedAtOnce() {
    assertThat(unfit("byName", "{\"max_count\": \"2\", \"event_idd\": \"e\"}"))
        .containsExactly(
            "event_id: is required (found nothing)",
            "max_count: must be an integer of at most 32 bits (found text of 1 characters)",
            "event_idd: is unknown; did you mean event_id? (found text of 1 characters)");
  }

  @Test
  void aSuppliedParameter_cannotBeSetByThePayload() {
    assertThat(
            unfit(
                "byName",
                "{\"event_id\": \"e\", \"max_count\": 1, \"context\": {\"caller\": \"root\"}}"))
        .containsExactly("context: is unknown (found an object of 1 members)");
  }

  @Test
  void optionalMembers_mayBeAbsentOrNull() {
    assertThat(bound("optional", "{}")).containsExactly(Optional.empty(), null);
    assertThat(bound("optional", "{\"limit\": null, \"note\": null}"))
        .containsExactly(Optional.empty(), null);
    assertThat(bound("optional", "{\"limit\": 3, \"note\": \"n\"}"))
        .containsExactly(Optional.of(3), "n");
  }

  @Test
  void singleRecord_isTheMemberOfItsNameOrTheWholePayload() {
    Event event = new Event("e", Optional.empty());
    assertThat(bound("oneRecord", "{\"event_data\": {\"event_id\": \"e\"}}"))
        .containsExactly(event, new Context("me"));
    assertThat(bound("oneRecord", "{\"event_id\": \"e\"}"))
        .containsExactly(event, new Context("me"));
    assertThat(unfit("oneRecord", "{\"event_data\": {\"event_id\": \"\"}, \"more\": 1}"))
        .containsExactly(
            "event_data.event_id: must not be blank (found text of 0 characters)",
            "more: is unknown (found an integer)");
    assertThat(unfit("oneRecord", "{}")).containsExactly("event_id: is required (found nothing)");
  }

  @Test
  void recordWithAComponentOfTheParametersName_isAlwaysTheWholePayload() {
    assertThat(bound("nested", "{\"wrapper\": {\"event_id\": \"e\"}}"))
        .containsExactly(new Wrapper(new Event("e", Optional.empty())));
  }

  @Test
  void severalRecords_bindByName() {
    assertThat(unfit("twoRecords", "{\"first\": {\"event_id\": \"\"}, \"second\": {}}"))
        .containsExactly(
            "first.event_id: must not be blank (found text of 0 characters)",
            "second.event_id: is required (found nothing)");
  }

  @Test
  void constraintsOnParameters_areChecked() {
    assertThat(bound("list", "{\"numbers\": [1, 2], \"name\": \"n\"}"))
        .containsExactly(List.of(1, 2), "n");
    assertThat(unfit("list", "{\"numbers\": [1, 0, 3], \"name\": \" \"}"))
        .containsExactlyInAnyOrder(
            "numbers: size must be between 0 and 2 (found a list of 3)",
            "numbers[1]: must be greater than 0 (found a number)",
            "name: must not be blank (found text of 1 characters)");
  }

  @Test
  void constraintsOfWhatIsBound_areNamedTogetherWithWhatIsNot() {
    assertThat(unfit("list", "{\"numbers\": [1, 2, 3], \"nam\": \"n\"}"))
        .containsExactlyInAnyOrder(
            "name: is required (found nothing)",
            "nam: is unknown; did you mean name? (found text of 1 characters)",
            "numbers: size must be between 0 and 2 (found a list of 3)");
    assertThat(unfit("list", "{\"numbers\": [1, \"2\", 3], \"name\": \" \"}"))
        .containsExactlyInAnyOrder(
            "numbers[1]: must be an integer of at most 32 bits (found text of 1 characters)",
            "name: must not be blank (found text of 1 characters)");
  }

  @Test
  void constraintThatDoesNotLikeNull_isNotAskedAboutWhatIsMissing() {
    assertThat(unfit("picky", "{\"number\": \"1\"}"))
        .containsExactlyInAnyOrder(
            "word: is required (found nothing)",
            "number: must be an integer of at most 32 bits (found text of 1 characters)");
    assertThat(unfit("picky", "{\"word\": \"abc\", \"number\": 1}"))
        .containsExactly("word: must be even (found text of 3 characters)");
  }

  @Test
  void payloadParameter_getsTheBytesThatArrivedWhateverTheyAre() {
    for (String json : List.of("{ \"a\" : 1.0 }", "{\"a\": 1, \"a\": 2}", "[]", "no JSON", "")) {
      Payload payload = Payload.ofJson(json);
      Binding.Bound bound = (Binding.Bound) binder("raw").bind(payload);
      assertThat(bound.argumentsWith(new Context("me"))[0]).isSameAs(payload);
    }
  }

  @Test
  void payloadParameter_isNoWayAroundTheSizeLimit() {
    Payload tooLarge = Payload.ofJson(new byte[JsonLimits.USUAL.bytes() + 1]);
    assertThat(binder("raw").bind(tooLarge))
        .isEqualTo(
            new Binding.Unfit(
                List.of(new Violation("", "must be at most 4194304 bytes", "4194305 bytes"))));
  }

  @Test
  void handlerThatChecksItself_getsTheTree() {
    assertThat(bound("tree", "{\"event_data\": 5}").getFirst()).hasToString("5");
    assertThat(unfit("tree", "{\"event_id\": 5}"))
        .containsExactly(
            "event_data: is required (found nothing)", "event_id: is unknown (found an integer)");
  }

  @Test
  void handlerWithoutParameters_takesAnEmptyObject() {
    assertThat(bound("nothing", "{}")).isEmpty();
    assertThat(unfit("nothing", "{\"a\": 1}")).containsExactly("a: is unknown (found an integer)");
    assertThat(unfit("nothing", "[]"))
        .containsExactly("payload: must be a JSON object (found a list of 0)");
  }

  @Test
  void parameterThatNoPayloadFits_stopsTheStart() {
    assertThatThrownBy(() -> binder("impossible"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter thread")
        .hasMessageContaining("java.lang.Thread");
  }

  @Test
  void forgottenSupply_isABug() {
    Binding.Bound bound =
        (Binding.Bound) binder("oneRecord").bind(Payload.ofJson("{\"event_id\": \"e\"}"));
    assertThatThrownBy(bound::argumentsWith).isInstanceOf(IllegalArgumentException.class);
  }
}
