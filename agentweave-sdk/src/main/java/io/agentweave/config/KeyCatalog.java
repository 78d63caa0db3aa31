package io.agentweave.config;

import io.agentweave.validation.Suggestion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Every key that a set of records makes, with its environment variable. */
final class KeyCatalog {

  /**
   * One key.
   *
   * @param path such as {@code server.port}; {@code []} stands for a place in a list
   * @param variable the environment variable that overrides it, if one can
   */
  record Entry(String path, RecordComponent component, Optional<String> variable) {}

  private final List<String> sections = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  private KeyCatalog() {}

  static KeyCatalog of(List<Class<? extends Record>> roots) {
    KeyCatalog catalog = new KeyCatalog();
    for (Class<? extends Record> root : roots) {
      for (RecordComponent component : root.getRecordComponents()) {
        Class<? extends Record> section =
            Keys.section(component.getGenericType())
                .orElseThrow(
                    () -> new IllegalArgumentException("a section is a record: " + component));
        String name = Keys.of(component);
        if (catalog.sections.contains(name)) {
          throw new IllegalArgumentException("two records have the section " + name);
        }
        catalog.sections.add(name);
        catalog.collect(section, name, true);
      }
    }
    return catalog;
  }

  /** The keys of one section, in order. */
  static List<String> keysOf(Class<? extends Record> type) {
    List<String> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      keys.add(Keys.of(component));
      if (Keys.inside(component.getGenericType()) == Secret.class) {
        keys.add(Keys.of(component) + "_file");
      }
    }
    return keys;
  }

  /** The key of the component with this name; empty when the record has none. */
  static String keyOf(Class<? extends Record> type, String componentName) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(componentName)) {
        return Keys.of(component);
      }
    }
    return "";
  }

  List<String> sections() {
    return sections;
  }

  List<Entry> entries() {
    return entries;
  }

  /** Variables that name one of the sections but none of its keys are mistakes. */
  void refuseUnknownVariables(Map<String, String> env, Problems problems) {
    Set<String> known =
        entries.stream().flatMap(entry -> entry.variable().stream()).collect(Collectors.toSet());
    env.forEach(
        (name, value) -> {
          if (!value.isEmpty() && !known.contains(name)) {
            sections.stream()
                .map(section -> Keys.variable(section) + "_")
                .filter(name::startsWith)
                .findFirst()
                .ifPresent(
                    section ->
                        problems.addVariable(
                            name, "overrides no key" + suggestion(name, section, known)));
          }
        });
  }

  /** Compares what comes after the section, because that alone is in doubt. */
  private static String suggestion(String name, String section, Set<String> known) {
    List<String> keys =
        known.stream()
            .filter(variable -> variable.startsWith(section))
            .map(variable -> variable.substring(section.length()))
            .sorted()
            .toList();
    return Suggestion.didYouMean(name.substring(section.length()), keys)
        .replace("mean ", "mean " + section);
  }

  private void collect(Class<? extends Record> type, String path, boolean variables) {
    for (RecordComponent component : type.getRecordComponents()) {
      String at = Keys.path(path, Keys.of(component));
      Type inside = Keys.inside(component.getGenericType());
      Optional<Class<? extends Record>> section = Keys.section(inside);
      Optional<Class<? extends Record>> element = elementSection(inside);
      if (section.isPresent()) {
        collect(section.get(), at, variables);
      } else if (element.isPresent()) {
        collect(element.get(), at + (isMap(inside) ? ".NAME" : "[]"), false);
      } else {
        boolean overridable = variables && !isMap(inside);
        add(at, component, overridable);
        if (inside == Secret.class) {
          add(at + "_file", component, overridable);
        }
      }
    }
  }

  private void add(String path, RecordComponent component, boolean overridable) {
    Optional<String> variable = overridable ? Optional.of(Keys.variable(path)) : Optional.empty();
    entries.add(new Entry(path, component, variable));
  }

  /** Maps have keys of their own, so no variable stands for one. */
  static boolean isMap(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Map.class;
  }

  private static Optional<Class<? extends Record>> elementSection(Type type) {
    if (!(type instanceof ParameterizedType generic)) {
      return Optional.empty();
    }
    Type[] arguments = generic.getActualTypeArguments();
    return Keys.section(arguments[arguments.length - 1]);
  }
}
