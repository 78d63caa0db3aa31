package io.agentweave.validation;

import jakarta.validation.ConstraintDeclarationException;
import jakarta.validation.ConstraintDefinitionException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import jakarta.validation.Validation;
import jakarta.validation.ValidationException;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.executable.ExecutableValidator;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.lang.annotation.ElementType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;

/**
 * Jakarta constraints, checked one record at a time: records within a record are checked when they
 * are made, so {@code @Valid} is neither needed nor followed. Safe for use by many threads.
 */
public final class Constraints {

  private static final ClassValue<PlainConstraints> PLAIN =
      new ClassValue<>() {
        @Override
        protected PlainConstraints computeValue(Class<?> type) {
          return PlainConstraints.of(type);
        }
      };

  private Constraints() {}

  /**
   * A constraint that does not hold.
   *
   * @param component the record component or property; empty for a rule of the whole record
   * @param inside where within the component: {@code [2]} in a list, {@code .key} in a map
   * @param rule the constraint's message, which never holds the value
   * @param found the value, of which only the shape may be shown
   */
  public record Broken(String component, String inside, String rule, @Nullable Object found) {}

  /**
   * Starts the validator, which the first call that breaks a rule would otherwise wait for. Blocks
   * for some hundred milliseconds.
   */
  public static void warmUp() {
    Lazy.validator();
  }

  /** What a whole record breaks, in the order of its components. */
  public static List<Broken> broken(Record whole) {
    return surelyHold(whole)
        ? List.of()
        : sorted(whole.getClass(), Lazy.validator().validate(whole));
  }

  /** Whether it takes no validator to see that a record breaks nothing. */
  static boolean surelyHold(Record whole) {
    return PLAIN.get(whole.getClass()).hold(whole);
  }

  /** What one component breaks while the record can't be made. */
  public static List<Broken> broken(
      Class<? extends Record> type, String component, @Nullable Object value) {
    return sorted(type, Lazy.validator().validateValue(type, component, value));
  }

  /** The rules of one record component, in words, for reference pages. */
  public static List<String> rules(RecordComponent component) {
    PropertyDescriptor property =
        Lazy.validator()
            .getConstraintsForClass(component.getDeclaringRecord())
            .getConstraintsForProperty(component.getName());
    if (property == null) {
      return List.of();
    }
    return Stream.concat(
            property.getConstraintDescriptors().stream(),
            property.getConstrainedContainerElementTypes().stream()
                .flatMap(element -> element.getConstraintDescriptors().stream()))
        .map(Rule::new)
        .map(rule -> Lazy.INTERPOLATOR.interpolate(rule.descriptor().getMessageTemplate(), rule))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Throws {@link IllegalArgumentException} when a constraint of a component has no meaning for its
   * type, such as a size of a number: otherwise each call would break on it.
   */
  static void check(Class<? extends Record> type) {
    if (PLAIN.get(type).known()) {
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      unlessMeaningless(() -> Lazy.validator().validateValue(type, component.getName(), null));
    }
  }

  /** The same for the parameters of a method. */
  static void check(Object owner, Method method) {
    @Nullable Object[] nothing = new @Nullable Object[method.getParameterCount()];
    unlessMeaningless(
        () -> Lazy.validator().forExecutables().validateParameters(owner, method, nothing));
  }

  private static void unlessMeaningless(Runnable validation) {
    try {
      validation.run();
    } catch (ConstraintDeclarationException | ConstraintDefinitionException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (ValidationException e) {
      // falls through: a validator of the user's that does not like null
    }
  }

  static ExecutableValidator ofParameters() {
    return Lazy.validator().forExecutables();
  }

  private static List<Broken> sorted(
      Class<?> type, Set<? extends ConstraintViolation<? extends Record>> violations) {
    if (violations.isEmpty()) {
      return List.of();
    }
    List<String> order = new ArrayList<>();
    for (var component : type.getRecordComponents()) {
      order.add(component.getName());
    }
    List<Broken> broken = new ArrayList<>();
    for (ConstraintViolation<? extends Record> violation : violations) {
      broken.add(broken(violation));
    }
    broken.sort(
        Comparator.comparingInt((Broken b) -> order.indexOf(b.component()))
            .thenComparing(Broken::inside)
            .thenComparing(Broken::rule));
    return broken;
  }

  private static Broken broken(ConstraintViolation<?> violation) {
    Iterator<Path.Node> nodes = violation.getPropertyPath().iterator();
    String name = nodes.hasNext() ? nodes.next().getName() : null;
    return new Broken(
        name == null ? "" : name,
        inside(nodes),
        violation.getMessage(),
        violation.getInvalidValue());
  }

  /** Where in a container the rest of a path leads. */
  static String inside(Iterator<Path.Node> nodes) {
    StringBuilder inside = new StringBuilder();
    while (nodes.hasNext()) {
      Path.Node node = nodes.next();
      if (node.getIndex() != null) {
        inside.append('[').append(node.getIndex()).append(']');
      } else if (node.getKey() != null) {
        inside.append('.').append(Names.printable(String.valueOf(node.getKey())));
      }
    }
    return inside.toString();
  }

  /**
   * Messages in English whatever the machine speaks, without the expression language: that takes
   * long to start and could show the value. The one expression of the standard's own messages,
   * which {@code DecimalMin} and {@code DecimalMax} use, is done by hand.
   */
  private static final class PlainMessages implements MessageInterpolator {
    private final MessageInterpolator parameters =
        new ParameterMessageInterpolator(Set.of(Locale.ENGLISH), Locale.ENGLISH, false);

    @Override
    public String interpolate(String template, Context context) {
      return interpolate(template, context, Locale.ENGLISH);
    }

    @Override
    public String interpolate(String template, Context context, Locale locale) {
      Map<String, Object> attributes = context.getConstraintDescriptor().getAttributes();
      String bound =
          switch (template) {
            case "{jakarta.validation.constraints.DecimalMin.message}" -> "greater than ";
            case "{jakarta.validation.constraints.DecimalMax.message}" -> "less than ";
            default -> "";
          };
      if (bound.isEmpty()) {
        return parameters.interpolate(template, context, Locale.ENGLISH);
      }
      String inclusive = Boolean.TRUE.equals(attributes.get("inclusive")) ? "or equal to " : "";
      return "must be " + bound + inclusive + attributes.get("value");
    }
  }

  /** A constraint that nothing has been checked against. */
  private record Rule(ConstraintDescriptor<?> descriptor) implements MessageInterpolator.Context {
    @Override
    public ConstraintDescriptor<?> getConstraintDescriptor() {
      return descriptor;
    }

    @Override
    public @Nullable Object getValidatedValue() {
      return null;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      return type.cast(this);
    }
  }

  /** Boots Hibernate Validator when it is first needed. */
  private static final class Lazy {
    private static final MessageInterpolator INTERPOLATOR = new PlainMessages();
    private static final Validator VALIDATOR = boot();

    static Validator validator() {
      return VALIDATOR;
    }

    /** No expression language, no XML, English messages whatever the machine speaks. */
    private static Validator boot() {
      ValidatorFactory factory =
          Validation.byProvider(HibernateValidator.class)
              .configure()
              .ignoreXmlConfiguration()
              .defaultLocale(Locale.ENGLISH)
              .messageInterpolator(INTERPOLATOR)
              .buildValidatorFactory();
      return factory.usingContext().traversableResolver(new OneRecordOnly()).getValidator();
    }
  }

  /** Looks at every component and descends into none. */
  private static final class OneRecordOnly implements TraversableResolver {
    @Override
    public boolean isReachable(
        @Nullable Object bean, Path.Node property, Class<?> root, Path path, ElementType element) {
      return true;
    }

    @Override
    public boolean isCascadable(
        @Nullable Object bean, Path.Node property, Class<?> root, Path path, ElementType element) {
      return false;
    }
  }
}
