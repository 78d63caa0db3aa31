package io.agentweave.validation;

import jakarta.validation.Constraint;
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
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * Turns the constraints that stand at one place, a record component or a parameter, into a quick
 * check of its value, read from the annotations alone: the validator's own view of a class takes
 * milliseconds to make.
 */
final class PlainRules {
  /** Where nothing is asked. */
  static final Predicate<@Nullable Object> ANYTHING = value -> true;

  private PlainRules() {}

  /**
   * What holds only for values that break nothing; empty where more is asked than is known here.
   *
   * @param declared the annotations of the declaration; the type brings its own
   */
  static Optional<Predicate<@Nullable Object>> of(Annotation[] declared, AnnotatedType type) {
    Set<Annotation> all = new LinkedHashSet<>(Arrays.asList(declared));
    all.addAll(Arrays.asList(type.getAnnotations()));
    List<Predicate<@Nullable Object>> checks = new ArrayList<>();
    for (Annotation annotation : all) {
      if (isConstraint(annotation)) {
        Predicate<@Nullable Object> check = check(annotation, raw(type.getType()));
        if (check == null) {
          return Optional.empty();
        }
        checks.add(check);
      }
    }
    return inside(type)
        .map(
            inside -> {
              if (!inside.equals(ANYTHING)) {
                checks.add(inside);
              }
              return all(List.copyOf(checks));
            });
  }

  /** Whether it is a constraint, or several of one kind at the same place. */
  static boolean isConstraint(Annotation annotation) {
    Class<? extends Annotation> kind = annotation.annotationType();
    return kind.isAnnotationPresent(Constraint.class)
        || (kind.isMemberClass() && kind.getDeclaringClass().isAnnotationPresent(Constraint.class));
  }

  private static Predicate<@Nullable Object> all(List<Predicate<@Nullable Object>> checks) {
    return switch (checks.size()) {
      case 0 -> ANYTHING;
      case 1 -> checks.getFirst();
      default ->
          value -> {
            for (Predicate<@Nullable Object> check : checks) {
              if (!check.test(value)) {
                return false;
              }
            }
            return true;
          };
    };
  }

  /** What is asked of the elements of a container. */
  private static Optional<Predicate<@Nullable Object>> inside(AnnotatedType type) {
    if (type instanceof AnnotatedArrayType) {
      return Optional.empty();
    }
    if (!(type instanceof AnnotatedParameterizedType container)) {
      return Optional.of(ANYTHING);
    }
    List<Predicate<@Nullable Object>> arguments = new ArrayList<>();
    for (AnnotatedType argument : container.getAnnotatedActualTypeArguments()) {
      Optional<Predicate<@Nullable Object>> asked = of(new Annotation[0], argument);
      if (asked.isEmpty()) {
        return Optional.empty();
      }
      arguments.add(asked.get());
    }
    if (arguments.stream().allMatch(ANYTHING::equals)) {
      return Optional.of(ANYTHING);
    }
    Predicate<@Nullable Object> last = arguments.getLast();
    Class<?> raw = raw(type.getType());
    if (raw == Optional.class) {
      return Optional.of(value -> !(value instanceof Optional<?> o) || last.test(o.orElse(null)));
    }
    if (raw == List.class || raw == Set.class) {
      return Optional.of(
          value -> !(value instanceof Iterable<?> elements) || every(elements, last));
    }
    if (raw == Map.class) {
      Predicate<@Nullable Object> first = arguments.getFirst();
      return Optional.of(
          value ->
              !(value instanceof Map<?, ?> map)
                  || (every(map.keySet(), first) && every(map.values(), last)));
    }
    return Optional.empty();
  }

  private static boolean every(Iterable<?> elements, Predicate<@Nullable Object> check) {
    for (Object element : elements) {
      if (!check.test(element)) {
        return false;
      }
    }
    return true;
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> raw(generic.getRawType());
      default -> Object.class;
    };
  }

  /** Null for what is not known here, or has no meaning for the type. */
  private static @Nullable Predicate<@Nullable Object> check(Annotation asked, Class<?> type) {
    try {
      if (!OwnConstraint.isOfDefaultGroup(asked)) {
        return null;
      }
      boolean text = type == String.class;
      boolean whole = Set.of(int.class, long.class, Integer.class, Long.class).contains(type);
      return switch (asked) {
        case NotNull any -> value -> value != null;
        case NotBlank any when text -> value -> value instanceof String s && !s.trim().isEmpty();
        case Pattern pattern when text -> pattern(pattern);
        case Size size when isRange(size) && text ->
            value -> !(value instanceof String s) || isWithin(size, s.length());
        case Size size when isRange(size) && type == List.class ->
            value -> !(value instanceof List<?> l) || isWithin(size, l.size());
        case Min min when whole -> atLeast(min.value());
        case Positive any when whole -> atLeast(1);
        case PositiveOrZero any when whole -> atLeast(0);
        case Max max when whole ->
            value -> !(value instanceof Number n && n.longValue() > max.value());
        case DecimalMin min when type == double.class -> decimal(min);
        case DecimalMax max when type == double.class -> decimal(max);
        case AssertTrue any when type == boolean.class -> Boolean.TRUE::equals;
        case DurationMin min when type == Duration.class -> duration(min);
        default -> OwnConstraint.check(asked, type);
      };
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null; // the validator says what is wrong with it
    }
  }

  private static boolean isRange(Size size) {
    return size.min() >= 0 && size.max() >= size.min();
  }

  private static boolean isWithin(Size size, int found) {
    return found >= size.min() && found <= size.max();
  }

  private static Predicate<@Nullable Object> atLeast(long least) {
    return value -> !(value instanceof Number n && n.longValue() < least);
  }

  private static Predicate<@Nullable Object> pattern(Pattern pattern) {
    int flags = 0;
    for (Pattern.Flag flag : pattern.flags()) {
      flags |= flag.getValue();
    }
    var compiled = java.util.regex.Pattern.compile(pattern.regexp(), flags);
    return value -> !(value instanceof String s) || compiled.matcher(s).matches();
  }

  private static Predicate<@Nullable Object> decimal(DecimalMin min) {
    BigDecimal bound = new BigDecimal(min.value());
    int least = min.inclusive() ? 0 : 1;
    return value -> isFinite(value) && compare(value, bound) >= least;
  }

  private static Predicate<@Nullable Object> decimal(DecimalMax max) {
    BigDecimal bound = new BigDecimal(max.value());
    int most = max.inclusive() ? 0 : -1;
    return value -> isFinite(value) && compare(value, bound) <= most;
  }

  private static boolean isFinite(@Nullable Object value) {
    return value instanceof Double d && Double.isFinite(d);
  }

  private static int compare(@Nullable Object value, BigDecimal bound) {
    return value instanceof Double d ? BigDecimal.valueOf(d).compareTo(bound) : 0;
  }

  private static Predicate<@Nullable Object> duration(DurationMin min) {
    Duration bound =
        Duration.ofNanos(min.nanos())
            .plusMillis(min.millis())
            .plusSeconds(min.seconds())
            .plusMinutes(min.minutes())
            .plusHours(min.hours())
            .plusDays(min.days());
    int least = min.inclusive() ? 0 : 1;
    return value -> !(value instanceof Duration d) || d.compareTo(bound) >= least;
  }
}
