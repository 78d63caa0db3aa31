package io.agentweave.config;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How a record component is called in the file and in the environment. */
final class Keys {
  static final String VARIABLE_PREFIX = "AGENTWEAVE_";

  private Keys() {}

  static String of(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    if (key != null) {
      return key.value();
    }
    String snake =
        PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
    return inside(component.getGenericType()) == Duration.class ? snake + "_seconds" : snake;
  }

  static String path(String section, String key) {
    return section.isEmpty() ? key : section + "." + key;
  }

  static String variable(String path) {
    return VARIABLE_PREFIX + path.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** The type itself, or what an {@code Optional} of it holds. */
  static Type inside(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
        ? generic.getActualTypeArguments()[0]
        : type;
  }

  /** The record that a component holds or may hold, if it is one. */
  static Optional<Class<? extends Record>> section(Type type) {
    return inside(type) instanceof Class<?> c && c.isRecord()
        ? Optional.of(c.asSubclass(Record.class))
        : Optional.empty();
  }
}
