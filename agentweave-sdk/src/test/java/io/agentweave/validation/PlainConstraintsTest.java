package io.agentweave.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMin;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from annotations must agree with what the validator says. */
class PlainConstraintsTest {

  record Texts(
      @NotNull String any,
      @NotBlank String named,
      @Size(min = 1, max = 3) @Pattern(regexp = "[a-z]+", flags = Pattern.Flag.CASE_INSENSITIVE)
          @Nullable String shaped) {}

  record Numbers(
      @Min(-2) @Max(2) int small,
      @Positive long positive,
      @PositiveOrZero @Nullable Integer boxed,
      @DecimalMin(value = "0.1", message = "low")
          @DecimalMax(value = "1", inclusive = false, message = "high")
          double share,
      @AssertTrue boolean agreed,
      @DurationMin(seconds = 1, inclusive = false, message = "too short")
          @Nullable Duration patience) {}

  record Containers(
      @Size(max = 1) List<@NotBlank String> list,
      Map<@Size(max = 1) String, @Positive Integer> map,
      Optional<@Pattern(regexp = "a") String> maybe,
      List<Optional<@NotBlank String>> nested) {}

  @Constraint(validatedBy = EvenCheck.class)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Even {
    String message() default "must be even";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  public static final class EvenCheck implements ConstraintValidator<Even, Integer> {
    @Override
    public boolean isValid(@Nullable Integer value, ConstraintValidatorContext context) {
      return value == null || value % 2 == 0;
    }
  }

  record Own(@Even int number) {}

  static Stream<Record> records() {
    return Stream.of(
        new Texts("", "a", null),
        new Texts("", "a", "aBc"),
        new Texts("", "a", "abcd"),
        new Texts("", "a", ""),
        new Texts("", "a", "a\n"),
        new Texts("", " \t", null),
        new Texts(null, "a", null),
        new Numbers(2, 1, 0, 0.1, true, null),
        new Numbers(-2, Long.MAX_VALUE, null, 0.99, true, Duration.ofNanos(1_000_000_001)),
        new Numbers(3, 1, 0, 0.1, true, null),
        new Numbers(-3, 1, 0, 0.1, true, null),
        new Numbers(0, 0, 0, 0.1, true, null),
        new Numbers(0, 1, -1, 0.1, true, null),
        new Numbers(0, 1, 0, 0.09, true, null),
        new Numbers(0, 1, 0, 1, true, null),
        new Numbers(0, 1, 0, Double.NaN, true, null),
        new Numbers(0, 1, 0, Double.POSITIVE_INFINITY, true, null),
        new Numbers(0, 1, 0, 0.5, false, null),
        new Numbers(0, 1, 0, 0.5, true, Duration.ofSeconds(1)),
        new Containers(List.of("a"), Map.of("a", 1), Optional.of("a"), List.of(Optional.of("b"))),
        new Containers(List.of(), Map.of(), Optional.empty(), List.of()),
        new Containers(List.of(" "), Map.of(), Optional.empty(), List.of()),
        new Containers(List.of("a", "b"), Map.of(), Optional.empty(), List.of()),
        new Containers(List.of(), Map.of("ab", 1), Optional.empty(), List.of()),
        new Containers(List.of(), Map.of("a", 0), Optional.empty(), List.of()),
        new Containers(List.of(), Map.of(), Optional.of("b"), List.of()),
        new Containers(List.of(), Map.of(), Optional.empty(), List.of(Optional.of(" "))),
        new Containers(List.of(), Map.of(), Optional.empty(), List.of(Optional.empty())),
        new Own(2),
        new Own(3));
  }

  @ParameterizedTest
  @MethodSource("records")
  void agreesWithTheValidator(Record whole) {
    assertThat(PlainConstraints.of(whole.getClass()).known()).isTrue();
    assertThat(Constraints.surelyHold(whole)).isEqualTo(VALIDATOR.validate(whole).isEmpty());
    assertThat(Constraints.broken(whole)).hasSameSizeAs(VALIDATOR.validate(whole));
  }

  interface Named {
    @NotBlank
    String name();

    @NotBlank
    default String getTitle() {
      return "";
    }
  }

  interface Group {}

  record FromInterface(String name) implements Named {}

  record Property(int value) {
    @AssertTrue
    boolean isOdd() {
      return value % 2 == 1;
    }
  }

  /** A getter by its name, with a constraint that the component itself lacks. */
  record OnAccessor(boolean isAgreed) {
    @Override
    @AssertTrue
    public boolean isAgreed() {
      return isAgreed;
    }
  }

  record Elements(@NotBlank String[] names) {}

  record Grouped(@NotNull(groups = Group.class) String text) {}

  record Repeated(@Min(1) @Min(value = 5, groups = Group.class) int value) {}

  record BadPattern(@Pattern(regexp = "[") String text) {}

  record BadSize(@Size(min = 3, max = 2) String text) {}

  record OtherType(@Size(max = 2) Duration patience) {}

  record EvenText(@Even String text) {}

  @Test
  void leavesTheRestToTheValidator() {
    assertThat(
            Stream.of(
                FromInterface.class,
                Property.class,
                OnAccessor.class,
                Elements.class,
                Grouped.class,
                Repeated.class,
                BadPattern.class,
                BadSize.class,
                OtherType.class,
                EvenText.class))
        .allSatisfy(type -> assertThat(PlainConstraints.of(type).known()).as("%s", type).isFalse());
    assertThat(Constraints.broken(new Property(2)))
        .extracting(Constraints.Broken::component)
        .containsExactly("odd");
    assertThat(Constraints.broken(new FromInterface("a")))
        .extracting(Constraints.Broken::component)
        .containsExactly("title");
    assertThat(Constraints.broken(new OnAccessor(false))).hasSize(1);
    assertThat(Constraints.broken(new Grouped(null))).isEmpty();
    assertThat(Constraints.broken(new Repeated(0))).hasSize(1);
  }

  @Test
  void meaninglessConstraintsAreStillFoundBeforeTheFirstCall() {
    for (Class<? extends Record> type : List.of(OtherType.class, EvenText.class)) {
      assertThatThrownBy(() -> Constraints.check(type))
          .as("%s", type)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  static final class Handlers {
    void some(@Min(1) int number, String free, List<@NotBlank String> names) {}

    void none(String free, List<String> names) {}
  }

  interface Contract {
    void shared(@NotNull String text);
  }

  static final class Implementation implements Contract {
    @Override
    public void shared(String text) {}
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void argumentsAreCheckedInPlace(String blank) {
    PlainConstraints some = PlainConstraints.of(method(Handlers.class, "some"));
    assertThat(some.hold(new Object[] {1, "", List.of("a")})).isTrue();
    assertThat(some.hold(new Object[] {0, "", List.of("a")})).isFalse();
    assertThat(some.hold(new Object[] {1, "", List.of("a", blank)})).isFalse();
    assertThat(some.askNothing()).isFalse();
    assertThat(PlainConstraints.of(method(Handlers.class, "none")).askNothing()).isTrue();
    assertThat(PlainConstraints.of(method(Implementation.class, "shared")).known()).isFalse();
  }

  private static Method method(Class<?> type, String name) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(name) && !method.isBridge())
        .findFirst()
        .orElseThrow();
  }

  private static final Validator VALIDATOR = validator();

  private static Validator validator() {
    try (ValidatorFactory factory =
        Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()) {
      return factory.getValidator();
    }
  }
}
