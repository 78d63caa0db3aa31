package io.agentweave.validation;

import jakarta.validation.ClockProvider;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.groups.Default;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A constraint of somebody's own, asked without the validator that usually asks it. */
final class OwnConstraint {
  private OwnConstraint() {}

  /** Whether it is checked always, and says nothing beyond that it is broken. */
  static boolean isOfDefaultGroup(Annotation constraint) throws ReflectiveOperationException {
    List<?> groups = Arrays.asList((Object[]) attribute(constraint, "groups"));
    return (groups.isEmpty() || groups.equals(List.of(Default.class)))
        && ((Object[]) attribute(constraint, "payload")).length == 0
        && attribute(constraint, "message") instanceof String;
  }

  private static Object attribute(Annotation constraint, String name)
      throws ReflectiveOperationException {
    return constraint.annotationType().getMethod(name).invoke(constraint);
  }

  /**
   * The check of a constraint that has one validator, for this very type, and is made of no others;
   * null for any other.
   */
  static @Nullable Predicate<@Nullable Object> check(Annotation asked, Class<?> type)
      throws ReflectiveOperationException {
    Class<? extends Annotation> kind = asked.annotationType();
    Constraint constraint = kind.getAnnotation(Constraint.class);
    if (constraint == null
        || constraint.validatedBy().length != 1
        || Arrays.stream(kind.getAnnotations()).anyMatch(PlainRules::isConstraint)) {
      return null;
    }
    Class<? extends ConstraintValidator<?, ?>> by = constraint.validatedBy()[0];
    return judges(by, kind, type) ? made(asked, by) : null;
  }

  private static boolean judges(Class<?> validator, Class<?> kind, Class<?> type) {
    Class<?> boxed = MethodType.methodType(type).wrap().returnType();
    for (Type face : validator.getGenericInterfaces()) {
      if (face instanceof ParameterizedType generic
          && generic.getRawType() == ConstraintValidator.class) {
        Type[] arguments = generic.getActualTypeArguments();
        return arguments[0] == kind
            && arguments[1] instanceof Class<?> judged
            && judged.isAssignableFrom(boxed);
      }
    }
    return false;
  }

  @SuppressWarnings("unchecked")
  private static <A extends Annotation> Predicate<@Nullable Object> made(
      A asked, Class<? extends ConstraintValidator<?, ?>> by) throws ReflectiveOperationException {
    var constructor = by.getDeclaredConstructor();
    constructor.setAccessible(true);
    ConstraintValidator<A, @Nullable Object> validator =
        (ConstraintValidator<A, @Nullable Object>) constructor.newInstance();
    validator.initialize(asked);
    return value -> validator.isValid(value, new NoContext());
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
