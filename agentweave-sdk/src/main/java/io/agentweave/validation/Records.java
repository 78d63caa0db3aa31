package io.agentweave.validation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes records from the values of their components. */
public final class Records {

  private static final ClassValue<ReflectiveCall> CANONICAL =
      new ClassValue<>() {
        @Override
        protected ReflectiveCall computeValue(Class<?> type) {
          Class<?>[] types =
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new);
          try {
            return ReflectiveCall.of(type.getDeclaredConstructor(types));
          } catch (NoSuchMethodException e) {
            throw new AssertionError("a record has its canonical constructor: " + type, e);
          }
        }
      };

  private Records() {}

  /** The record, or null when its own constructor refuses the values. */
  public static <T extends Record> @Nullable T make(Class<T> type, @Nullable Object[] components) {
    try {
      return type.cast(CANONICAL.get(type).call(components));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException) {
        return null;
      }
      throw new IllegalStateException("the constructor of " + type.getName() + " failed", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("not a record that can be made: " + type.getName(), e);
    }
  }
}
