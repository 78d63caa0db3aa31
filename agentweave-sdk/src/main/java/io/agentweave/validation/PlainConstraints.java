package io.agentweave.validation;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells quickly that a record, or the arguments of a method, break none of their constraints. It
 * knows the usual ones and those with a validator of their own; about any other, and about whatever
 * does not hold, {@link Constraints} has to be asked.
 */
final class PlainConstraints {
  private static final PlainConstraints UNKNOWN = new PlainConstraints(List.of(), false);

  private final List<Check> checks;
  private final boolean known;

  private record Check(Getter getter, Predicate<@Nullable Object> holds) {}

  /** Takes a value from a record or from an array of arguments. */
  @FunctionalInterface
  private interface Getter {
    @Nullable Object of(Object whole) throws ReflectiveOperationException;
  }

  private PlainConstraints(List<Check> checks, boolean known) {
    this.checks = List.copyOf(checks);
    this.known = known;
  }

  /** The constraints of a record: of its components, and nothing that it takes from elsewhere. */
  static PlainConstraints of(Class<?> type) {
    Map<String, Method> accessors = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      accessors.put(component.getName(), component.getAccessor());
    }
    if (asksElsewhere(type, accessors.values())) {
      return UNKNOWN;
    }
    List<Check> checks = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      Method accessor = accessors.get(field.getName());
      if (accessor != null && !Modifier.isStatic(field.getModifiers())) {
        if (asksMore(accessor, field)) {
          return UNKNOWN;
        }
        ReflectiveCall value = ReflectiveCall.of(accessor);
        if (!add(checks, value::call, field.getAnnotations(), field.getAnnotatedType())) {
          return UNKNOWN;
        }
      }
    }
    return new PlainConstraints(checks, true);
  }

  /**
   * The constraints of a method's parameters, unless it has others of a method that it overrides.
   */
  static PlainConstraints of(Method method) {
    if (overrides(method.getDeclaringClass(), method)) {
      return UNKNOWN;
    }
    Parameter[] parameters = method.getParameters();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      int index = i;
      Getter getter = arguments -> ((@Nullable Object[]) arguments)[index];
      Parameter parameter = parameters[i];
      if (!add(checks, getter, parameter.getAnnotations(), parameter.getAnnotatedType())) {
        return UNKNOWN;
      }
    }
    return new PlainConstraints(checks, true);
  }

  private static boolean add(
      List<Check> checks, Getter getter, Annotation[] declared, AnnotatedType type) {
    Optional<Predicate<@Nullable Object>> asked = PlainRules.of(declared, type);
    asked
        .filter(holds -> !holds.equals(PlainRules.ANYTHING))
        .ifPresent(holds -> checks.add(new Check(getter, holds)));
    return asked.isPresent();
  }

  private static boolean overrides(Class<?> type, Method method) {
    return Stream.concat(
            Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
        .anyMatch(
            above ->
                Arrays.stream(above.getDeclaredMethods())
                        .anyMatch(
                            other ->
                                other.getName().equals(method.getName())
                                    && other.getParameterCount() == method.getParameterCount())
                    || overrides(above, method));
  }

  /** Whether constraints stand where they are not of a component, or are of another order. */
  private static boolean asksElsewhere(Class<?> type, Collection<Method> accessors) {
    return Arrays.stream(type.getAnnotations()).anyMatch(PlainConstraints::isOfValidation)
        || Arrays.stream(type.getDeclaredMethods())
            .filter(method -> !accessors.contains(method))
            .flatMap(method -> Arrays.stream(method.getAnnotations()))
            .anyMatch(PlainConstraints::isOfValidation)
        || Arrays.stream(type.getInterfaces())
            .anyMatch(face -> !face.getName().startsWith("java."));
  }

  /** An accessor whose name is a getter's is checked for what stands at it alone, too. */
  private static boolean asksMore(Method accessor, Field field) {
    return Stream.concat(
            Arrays.stream(accessor.getAnnotations()),
            Arrays.stream(accessor.getAnnotatedReturnType().getAnnotations()))
        .filter(PlainRules::isConstraint)
        .anyMatch(
            asked ->
                !Arrays.asList(field.getAnnotations()).contains(asked)
                    && !Arrays.asList(field.getAnnotatedType().getAnnotations()).contains(asked));
  }

  private static boolean isOfValidation(Annotation annotation) {
    return PlainRules.isConstraint(annotation)
        || annotation.annotationType().getName().startsWith("jakarta.validation.");
  }

  /** Whether all that is asked is known here, and makes sense. */
  boolean known() {
    return known;
  }

  /** Whether nothing is asked at all. */
  boolean askNothing() {
    return known && checks.isEmpty();
  }

  /** Whether every constraint holds; false also when that takes more than is known here. */
  boolean hold(Object whole) {
    if (!known) {
      return false;
    }
    try {
      for (Check check : checks) {
        if (!check.holds().test(check.getter().of(whole))) {
          return false;
        }
      }
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }
}
