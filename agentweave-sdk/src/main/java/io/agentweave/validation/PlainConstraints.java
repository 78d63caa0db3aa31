package io.agentweave.validation;

import jakarta.validation.ClockProvider;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.validation.groups.Default;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells quickly that a record breaks none of its constraints. It knows the usual ones and those
 * with a validator of their own; about any other, and about whatever does not hold, {@link
 * Constraints} has to be asked.
 */
final class PlainConstraints {
  private final List<Check> checks;
  private final boolean known;

  private record Check(Method accessor, Predicate<@Nullable Object> holds) {}

  private PlainConstraints(List<Check> checks, boolean known) {
    this.checks = checks;
    this.known = known;
  }

  static PlainConstraints of(BeanDescriptor bean, Class<?> type) {
    List<Check> checks = new ArrayList<>();
    boolean known = bean.getConstraintDescriptors().isEmpty();
    for (PropertyDescriptor property : bean.getConstrainedProperties()) {
      Method accessor = accessor(type, property.getPropertyName());
      known &= accessor != null && property.getConstrainedContainerElementTypes().isEmpty();
      Set<Annotation> seen = new LinkedHashSet<>();
      for (ConstraintDescriptor<?> constraint : property.getConstraintDescriptors()) {
        if (accessor != null && seen.add(constraint.getAnnotation())) {
          Predicate<@Nullable Object> holds = check(constraint, accessor.getReturnType());
          known &= holds != null;
          if (holds != null) {
            checks.add(new Check(accessor, holds));
          }
        }
      }
    }
    return new PlainConstraints(List.copyOf(checks), known);
  }

  /** Whether every constraint holds; false also when that takes more than is known here. */
  boolean hold(Record whole) {
    if (!known) {
      return false;
    }
    try {
      for (Check check : checks) {
        if (!check.holds().test(check.accessor().invoke(whole))) {
          return false;
        }
      }
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  private static @Nullable Method accessor(Class<?> type, String property) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(property)) {
        component.getAccessor().setAccessible(true);
        return component.getAccessor();
      }
    }
    return null;
  }

  private static @Nullable Predicate<@Nullable Object> check(
      ConstraintDescriptor<?> constraint, Class<?> type) {
    if (!constraint.getGroups().equals(Set.of(Default.class))
        || !constraint.getComposingConstraints().isEmpty()) {
      return null;
    }
    boolean text = type == String.class;
    boolean number = type == int.class || type == long.class;
    return switch (constraint.getAnnotation()) {
      case NotNull any -> value -> value != null;
      case NotBlank any when text -> value -> value instanceof String s && !s.trim().isEmpty();
      case Size size when text ->
          value -> !(value instanceof String s) || isWithin(size, s.length());
      case Size size when type == List.class ->
          value -> !(value instanceof List<?> l) || isWithin(size, l.size());
      case Min min when number ->
          value -> value instanceof Number n && n.longValue() >= min.value();
      case Max max when number ->
          value -> value instanceof Number n && n.longValue() <= max.value();
      default -> own(constraint);
    };
  }

  private static boolean isWithin(Size size, int found) {
    return found >= size.min() && found <= size.max();
  }

  /** A constraint with one validator, whose answer is all that it says. */
  private static <A extends Annotation> @Nullable Predicate<@Nullable Object> own(
      ConstraintDescriptor<A> constraint) {
    if (constraint.getConstraintValidatorClasses().size() != 1) {
      return null;
    }
    try {
      var constructor =
          constraint.getConstraintValidatorClasses().getFirst().getDeclaredConstructor();
      constructor.setAccessible(true);
      @SuppressWarnings("unchecked")
      ConstraintValidator<A, @Nullable Object> validator =
          (ConstraintValidator<A, @Nullable Object>) constructor.newInstance();
      validator.initialize(constraint.getAnnotation());
      return value -> validator.isValid(value, new NoContext());
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** A validator that wants to say more has to be asked by those who listen. */
  private static final class NoContext implements ConstraintValidatorContext {
    private static UnsupportedOperationException nobody() {
      return new UnsupportedOperationException("nobody listens here");
    }

    @Override
    public void disableDefaultConstraintViolation() {
      throw nobody();
    }

    @Override
    public String getDefaultConstraintMessageTemplate() {
      throw nobody();
    }

    @Override
    public ClockProvider getClockProvider() {
      throw nobody();
    }

    @Override
    public ConstraintViolationBuilder buildConstraintViolationWithTemplate(String template) {
      throw nobody();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      throw nobody();
    }
  }
}
