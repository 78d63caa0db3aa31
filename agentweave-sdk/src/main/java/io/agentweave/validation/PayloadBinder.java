package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.agentweave.call.Payload;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.ValidationException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Binds the JSON payload of a call to the parameters of a method, by the rules of this package's
 * page. Made once for each method, at start. Safe for use by many threads.
 */
public final class PayloadBinder {
  private final Object owner;
  private final Method method;
  private final JsonLimits limits;
  private final Map<Integer, Class<?>> slots = new HashMap<>();
  private final List<Bindable> bindables = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final boolean wholeOnly;
  private final PlainConstraints constraints;

  /** A parameter that the payload fills. */
  private record Bindable(
      int index, String javaName, String name, ValueReader reader, boolean mayBeNull) {}

  private PayloadBinder(Object owner, Method method, Set<Class<?>> supplied, JsonLimits limits) {
    this.owner = owner;
    this.method = method;
    this.limits = limits;
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (supplied.contains(parameters[i].getType())) {
        slots.put(i, parameters[i].getType());
      } else {
        Bindable bindable = bindable(i, parameters[i]);
        bindables.add(bindable);
        known.add(bindable.name());
        known.add(bindable.javaName());
      }
    }
    this.wholeOnly =
        bindables.size() == 1
            && parameters[bindables.getFirst().index()].getType() == Payload.class;
    this.constraints = PlainConstraints.of(method);
  }

  /**
   * Prepares a method. Throws {@link IllegalArgumentException}, which names the parameter, when a
   * payload can't be bound to it.
   *
   * @param owner the agent whose method it is
   * @param supplied types of parameters that the mesh fills, such as the request context
   */
  public static PayloadBinder of(
      Object owner, Method method, Set<Class<?>> supplied, JsonLimits limits) {
    PayloadBinder binder = new PayloadBinder(owner, method, supplied, limits);
    if (!binder.constraints.known()) {
      Constraints.check(owner, method);
    }
    return binder;
  }

  /** Reads and checks a payload. Never throws because of what the payload holds. */
  public Binding bind(Payload payload) {
    if (wholeOnly) {
      return unread(payload);
    }
    Binding plain = bindPlain(payload);
    if (plain != null) {
      return plain;
    }
    return switch (Json.read(payload, limits)) {
      case JsonReading.Refused(var violations) -> new Binding.Unfit(violations);
      case JsonReading.Parsed(var tree) -> bind(tree);
    };
  }

  /** Binds what is all right without making a tree of it; null when that takes a closer look. */
  private @Nullable Binding bindPlain(Payload payload) {
    @Nullable Object[] values = new @Nullable Object[method.getParameterCount()];
    boolean read =
        (bindables.size() == 1 && bindables.getFirst().reader() instanceof RecordValueReader record)
            ? readOnly(payload, record, values)
            : reads(payload, in -> members(in, values));
    if (!read) {
      return null;
    }
    return !constraints.hold(values) && !violations(values, Set.of()).isEmpty()
        ? null
        : new Binding.Bound(Arrays.asList(values), slots);
  }

  /** As {@link #takesWhole} tells them apart. One that may be absent needs a tree for that. */
  private boolean readOnly(Payload payload, RecordValueReader reader, @Nullable Object[] values) {
    Bindable only = bindables.getFirst();
    if (only.mayBeNull()) {
      return false;
    }
    return (!reader.names().contains(only.name()) && reads(payload, in -> members(in, values)))
        || reads(payload, in -> values[only.index()] = reader.quick(in));
  }

  private boolean reads(Payload payload, Consumer<QuickJson> reading) {
    try {
      int from = payload.from();
      QuickJson in = new QuickJson(payload.array(), from, from + payload.size(), limits);
      reading.accept(in);
      in.expectEnd();
      return true;
    } catch (QuickJson.GivesUp e) {
      return false;
    }
  }

  private void members(QuickJson in, @Nullable Object[] values) {
    boolean[] found = new boolean[bindables.size()];
    in.enter('{');
    if (in.peek() != '}') {
      do {
        String name = in.text(in.name());
        int place = place(name);
        if (place < 0 || found[place]) {
          throw new QuickJson.GivesUp();
        }
        found[place] = true;
        Bindable bindable = bindables.get(place);
        values[bindable.index()] =
            bindable.mayBeNull() && in.takeNull() ? null : bindable.reader().quick(in);
      } while (in.take(','));
    }
    in.leave('}');
    for (int i = 0; i < found.length; i++) {
      Bindable absent = bindables.get(i);
      if (found[i]) {
        continue;
      }
      if (absent.reader().acceptsAbsence() && !absent.mayBeNull()) {
        values[absent.index()] =
            absent.reader().read(MissingNode.getInstance(), Place.root(), new Findings());
      } else if (!absent.mayBeNull()) {
        throw new QuickJson.GivesUp();
      }
    }
  }

  /** Which parameter has a name, among those that the payload fills; -1 when none has. */
  private int place(String name) {
    int place = -1;
    for (int i = 0; i < bindables.size(); i++) {
      Bindable candidate = bindables.get(i);
      if (candidate.name().equals(name) || candidate.javaName().equals(name)) {
        place = i;
      }
    }
    return place;
  }

  /**
   * The handler reads the bytes itself: it may have more to say about them than that they're bad.
   */
  private Binding unread(Payload payload) {
    if (payload.size() > limits.bytes()) {
      return new Binding.Unfit(List.of(StrictJson.tooLarge(payload.size(), limits)));
    }
    @Nullable Object[] values = new @Nullable Object[method.getParameterCount()];
    values[bindables.getFirst().index()] = payload;
    return new Binding.Bound(Arrays.asList(values), slots);
  }

  private Binding bind(JsonNode tree) {
    Findings findings = new Findings();
    Set<String> unbound = new HashSet<>();
    @Nullable Object[] values = new @Nullable Object[method.getParameterCount()];
    if (!tree.isObject()) {
      findings.add("", "must be a JSON object", Shape.of(tree));
    } else if (takesWhole(tree)) {
      Bindable only = bindables.getFirst();
      values[only.index()] = only.reader().read(tree, Place.root(), findings);
      if (!findings.none()) {
        unbound.add(only.javaName());
      }
    } else {
      byName(tree, values, findings, unbound);
    }
    if (!constraints.askNothing() && tree.isObject()) {
      constraints(values, findings, unbound);
    }
    return findings.none()
        ? new Binding.Bound(Arrays.asList(values), slots)
        : new Binding.Unfit(findings.all());
  }

  /** One record parameter: the whole payload, unless the payload has a member of its name. */
  private boolean takesWhole(JsonNode tree) {
    if (bindables.size() != 1 || !(bindables.getFirst().reader() instanceof RecordValueReader r)) {
      return false;
    }
    Bindable only = bindables.getFirst();
    return r.names().contains(only.name()) || given(only, tree).isMissingNode();
  }

  /**
   * @param unbound gets the parameters that have no value, so that nothing more is asked of them
   */
  private void byName(
      JsonNode tree, @Nullable Object[] values, Findings findings, Set<String> unbound) {
    for (Bindable bindable : bindables) {
      int before = findings.count();
      JsonNode node = given(bindable, tree);
      boolean absent = node.isMissingNode() || node.isNull();
      if (!(absent && bindable.mayBeNull())) {
        Place place = Place.of(bindable.name());
        if (!bindable.name().equals(bindable.javaName())
            && tree.has(bindable.name())
            && tree.has(bindable.javaName())) {
          findings.add(place, "must stand only once", "it and " + bindable.javaName());
        }
        values[bindable.index()] = ValueReaders.required(bindable.reader(), node, place, findings);
      }
      if (findings.count() > before) {
        unbound.add(bindable.javaName());
      }
    }
    for (Map.Entry<String, JsonNode> member : tree.properties()) {
      if (!known.contains(member.getKey())) {
        List<String> names = bindables.stream().map(Bindable::name).toList();
        findings.add(
            Names.printable(member.getKey()),
            "is unknown" + Suggestion.didYouMean(member.getKey(), names),
            Shape.of(member.getValue()));
      }
    }
  }

  private static JsonNode given(Bindable bindable, JsonNode tree) {
    JsonNode snake = tree.path(bindable.name());
    return snake.isMissingNode() ? tree.path(bindable.javaName()) : snake;
  }

  /** What the parameters that have a value break; what spans several, only when all have one. */
  private void constraints(@Nullable Object[] values, Findings findings, Set<String> unbound) {
    for (ConstraintViolation<?> violation : violations(values, unbound)) {
      Iterator<Path.Node> nodes = violation.getPropertyPath().iterator();
      String parameter = "";
      while (nodes.hasNext() && parameter.isEmpty()) {
        Path.Node node = nodes.next();
        parameter = node.getKind() == ElementKind.PARAMETER ? node.getName() : "";
      }
      boolean judged = parameter.isEmpty() ? unbound.isEmpty() : !unbound.contains(parameter);
      if (judged) {
        findings.add(
            Names.snakeCase(parameter) + Constraints.inside(nodes),
            violation.getMessage(),
            Shape.of(violation.getInvalidValue()));
      }
    }
  }

  private Set<? extends ConstraintViolation<?>> violations(
      @Nullable Object[] values, Set<String> unbound) {
    try {
      return Constraints.ofParameters().validateParameters(owner, method, values);
    } catch (ValidationException e) {
      if (unbound.isEmpty()) {
        throw e;
      }
      // A constraint of the user's that does not like null, which stands for a value refused above.
      return Set.of();
    }
  }

  private static Bindable bindable(int index, Parameter parameter) {
    if (!parameter.isNamePresent()) {
      throw new IllegalArgumentException(
          "compile with -parameters: " + parameter.getDeclaringExecutable() + " has no names");
    }
    try {
      return new Bindable(
          index,
          parameter.getName(),
          Names.snakeCase(parameter.getName()),
          ValueReaders.of(parameter.getParameterizedType()),
          parameter.getAnnotatedType().isAnnotationPresent(Nullable.class));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "parameter " + parameter.getName() + ": " + e.getMessage(), e);
    }
  }
}
