package io.agentweave.validation;

import io.agentweave.call.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of binding a payload to the parameters of a method. */
public sealed interface Binding {

  /**
   * Every parameter has its value.
   *
   * @param arguments in the order of the parameters; null where the mesh supplies the value, and
   *     for a {@code @Nullable} parameter that is absent
   * @param slots where the mesh has to supply which type
   */
  record Bound(List<@Nullable Object> arguments, Map<Integer, Class<?>> slots) implements Binding {
    public Bound {
      arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    }

    /**
     * The arguments to call the method with.
     *
     * @param supplied one value for each supplied type that the method has a parameter of
     */
    public @Nullable Object[] argumentsWith(Object... supplied) {
      @Nullable Object[] all = arguments.toArray();
      slots.forEach((index, type) -> all[index] = of(type, supplied));
      return all;
    }

    private static Object of(Class<?> type, Object[] supplied) {
      for (Object value : supplied) {
        if (type.isInstance(value)) {
          return value;
        }
      }
      throw new IllegalArgumentException("nobody supplied a " + type.getName());
    }
  }

  /** The payload does not fit; these are all the reasons. Never empty. */
  record Unfit(List<Violation> violations) implements Binding {
    public Unfit {
      violations = List.copyOf(violations);
    }
  }
}
