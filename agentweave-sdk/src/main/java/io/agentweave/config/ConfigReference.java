package io.agentweave.config;

import io.agentweave.validation.Constraints;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the table of the keys that configuration records make. */
public final class ConfigReference {

  private ConfigReference() {}

  /**
   * A table of key, type, default, rules and environment variable.
   *
   * @param name of the section on its page
   * @param roots records whose components are sections
   */
  public static ReferenceSection of(String name, List<Class<? extends Record>> roots) {
    StringBuilder table =
        new StringBuilder("| key | type | default | rules | variable |\n|---|---|---|---|---|\n");
    for (KeyCatalog.Entry entry : KeyCatalog.of(roots).entries()) {
      RecordComponent component = entry.component();
      boolean file = !entry.path().endsWith(Keys.of(component));
      table
          .append("| `")
          .append(entry.path())
          .append("` | ")
          .append(file ? "path" : type(Keys.inside(component.getGenericType())))
          .append(" | ")
          .append(otherwise(component))
          .append(" | ")
          .append(cell(String.join("; ", Constraints.rules(component))))
          .append(" | ")
          .append(entry.variable().map(variable -> "`" + variable + "`").orElse(""))
          .append(" |\n");
    }
    return new ReferenceSection(name, table.toString());
  }

  private static String otherwise(RecordComponent component) {
    Default value = component.getAnnotation(Default.class);
    if (value != null) {
      String standIn = value.variable().isEmpty() ? "" : "`$" + value.variable() + "`, else ";
      return standIn + "`" + cell(value.value()) + "`";
    }
    return component.getType() == Optional.class ? "none" : "required";
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String of = type(arguments[arguments.length - 1]);
      return generic.getRawType() == Map.class ? "keys with " + of : "list of " + of;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(Scalars::word)
          .collect(Collectors.joining(", "));
    }
    return switch (plain.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> "integer";
      case "double", "Double", "Duration" -> "number";
      case "boolean", "Boolean" -> "true or false";
      case "Path" -> "path";
      case "Secret" -> "secret text";
      case "SpiffeId" -> "SPIFFE ID";
      case "TrustDomain" -> "trust domain";
      default -> "text";
    };
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
