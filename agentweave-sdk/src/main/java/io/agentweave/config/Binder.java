package io.agentweave.config;

import io.agentweave.validation.Constraints;
import io.agentweave.validation.Records;
import io.agentweave.validation.Suggestion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Binds nodes to records by the rules of this package's page. What does not fit becomes a problem
 * and a null; the rest is bound all the same, so that one reading finds everything.
 */
final class Binder {
  /** Where a node is from: only the file knows lines, and a variable's text has no type yet. */
  private enum Origin {
    FILE,
    VARIABLE,
    DEFAULT
  }

  private final Path folder;
  private final Variables variables;
  private final Problems problems;
  private final Map<String, Object> bound = new HashMap<>();

  Binder(Path file, Map<String, String> env, Problems problems) {
    Path parent = file.toAbsolutePath().getParent();
    this.folder = parent == null ? file.toAbsolutePath() : parent;
    this.variables = new Variables(env);
    this.problems = problems;
  }

  /** Every value that could be bound, by the path of its key. */
  Map<String, Object> bound() {
    return bound;
  }

  /** Binds top-level sections and leaves those alone that {@code type} doesn't have. */
  <T extends Record> @Nullable T sections(Class<T> type, Map<String, Node> sections) {
    return components(type, "", sections, true);
  }

  void refuseUnknown(String path, Map<String, Node> members, Collection<String> known) {
    for (String key : members.keySet()) {
      if (!known.contains(key)) {
        problems.add(Keys.path(path, key), "unknown key" + Suggestion.didYouMean(key, known));
      }
    }
  }

  private @Nullable Object section(
      Class<? extends Record> type, String path, @Nullable Node node, boolean inSection) {
    Map<String, Node> members = new LinkedHashMap<>();
    if (node != null && !YamlDocument.isNull(node)) {
      Map<String, Node> given = YamlDocument.members(node, path, problems);
      if (given == null) {
        return null;
      }
      members = given;
    }
    refuseUnknown(path, members, KeyCatalog.keysOf(type));
    return components(type, path, members, inSection);
  }

  private <T extends Record> @Nullable T components(
      Class<T> type, String path, Map<String, Node> members, boolean inSection) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    boolean whole = true;
    for (int i = 0; i < components.length; i++) {
      Object value = component(components[i], path, members, inSection);
      whole &= value != null;
      if (value != null) {
        values[i] = value;
        bound.put(Keys.path(path, Keys.of(components[i])), value);
      }
    }
    if (!whole) {
      for (int i = 0; i < components.length; i++) {
        if (values[i] != null) {
          report(type, path, Constraints.broken(type, components[i].getName(), values[i]));
        }
      }
      return null;
    }
    T made = Records.make(type, values);
    if (made == null) {
      problems.add(path, "the keys of this section do not fit together");
      return null;
    }
    report(type, path, Constraints.broken(made));
    return made;
  }

  private void report(Class<? extends Record> type, String path, List<Constraints.Broken> broken) {
    for (Constraints.Broken rule : broken) {
      String key = KeyCatalog.keyOf(type, rule.component());
      problems.add((key.isEmpty() ? path : Keys.path(path, key)) + rule.inside(), rule.rule());
    }
  }

  private @Nullable Object component(
      RecordComponent component, String path, Map<String, Node> members, boolean inSection) {
    String key = Keys.of(component);
    String at = Keys.path(path, key);
    Type type = component.getGenericType();
    boolean optional = component.getType() == Optional.class;
    Node node = present(members.get(key));
    if (Keys.inside(type) == Secret.class) {
      return secret(component, path, members, inSection);
    }
    Optional<Class<? extends Record>> section = Keys.section(type);
    if (section.isPresent()) {
      if (optional && node == null && !(inSection && variables.anyInside(at))) {
        return Optional.empty();
      }
      Object made = section(section.get(), at, node, inSection);
      return optional && made != null ? Optional.of(made) : made;
    }
    boolean overridable = inSection && !KeyCatalog.isMap(Keys.inside(type));
    String text = overridable ? variables.of(at) : null;
    if (text != null) {
      problems.overridden(at, Keys.variable(at));
      return value(type, at, key, Variables.node(type, text), Origin.VARIABLE);
    }
    if (node != null) {
      return value(type, at, key, node, Origin.FILE);
    }
    Default otherwise = component.getAnnotation(Default.class);
    if (otherwise != null) {
      String standIn = variables.named(otherwise.variable());
      if (standIn != null) {
        problems.overridden(at, otherwise.variable());
        return value(type, at, key, Variables.node(type, standIn), Origin.VARIABLE);
      }
      return value(type, at, key, YamlDocument.value(otherwise.value()), Origin.DEFAULT);
    }
    if (optional) {
      return Optional.empty();
    }
    problems.add(at, "is required");
    return null;
  }

  private @Nullable Object value(Type type, String at, String key, Node node, Origin origin) {
    if (type instanceof Class<?> plain) {
      if (plain.isRecord()) {
        return section(plain.asSubclass(Record.class), at, node, false);
      }
      return scalar(plain, at, key, node, origin);
    }
    ParameterizedType generic = (ParameterizedType) type;
    Type[] arguments = generic.getActualTypeArguments();
    if (generic.getRawType() == Optional.class) {
      Object value = value(arguments[0], at, key, node, origin);
      return value == null ? null : Optional.of(value);
    } else if (generic.getRawType() == List.class) {
      return list(arguments[0], at, key, node, origin);
    } else if (generic.getRawType() == Map.class && arguments[0] == String.class) {
      return map(arguments[1], at, node);
    }
    throw new IllegalArgumentException("no configuration type: " + type + " at " + at);
  }

  private @Nullable Object list(Type of, String at, String key, Node node, Origin origin) {
    if (!(node instanceof SequenceNode sequence)) {
      problems.add(at, "must be a list, found " + YamlDocument.shape(node));
      return null;
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.getValue().size(); i++) {
      Node element = sequence.getValue().get(i);
      String place = at + "[" + i + "]";
      if (origin == Origin.FILE) {
        problems.located(place, YamlDocument.lineOf(element));
      }
      Object value = value(of, place, key, element, origin);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == sequence.getValue().size() ? List.copyOf(values) : null;
  }

  private @Nullable Object map(Type of, String at, Node node) {
    Map<String, Node> members = YamlDocument.members(node, at, problems);
    if (members == null) {
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    members.forEach(
        (key, member) -> {
          Object value = value(of, at + "." + key, key, member, Origin.FILE);
          if (value != null) {
            values.put(key, value);
          }
        });
    return values.size() == members.size() ? Map.copyOf(values) : null;
  }

  private @Nullable Object scalar(Class<?> type, String at, String key, Node node, Origin origin) {
    if (!Scalars.handles(type)) {
      throw new IllegalArgumentException("no configuration type: " + type + " at " + at);
    }
    if (!(node instanceof ScalarNode scalar)) {
      problems.add(at, "must be a single value, found " + YamlDocument.shape(node));
      return null;
    }
    try {
      return Scalars.convert(scalar, type, key, folder, origin == Origin.VARIABLE);
    } catch (Scalars.NotFitting e) {
      problems.add(at, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Object secret(
      RecordComponent component, String path, Map<String, Node> members, boolean inSection) {
    String key = Keys.of(component);
    String at = Keys.path(path, key);
    boolean optional = component.getType() == Optional.class;
    String direct = inSection ? variables.of(at) : null;
    String file = inSection ? variables.of(at + "_file") : null;
    Node directNode = direct == null ? present(members.get(key)) : Variables.text(direct);
    Node fileNode = file == null ? present(members.get(key + "_file")) : Variables.text(file);
    if (direct != null) {
      problems.overridden(at, Keys.variable(at));
      fileNode = file == null ? null : fileNode;
    } else if (file != null) {
      problems.overridden(at + "_file", Keys.variable(at + "_file"));
      directNode = null;
    }
    if (directNode != null && fileNode != null) {
      problems.add(at, "stands here and in " + key + "_file as well: choose one");
      return null;
    }
    Object secret = null;
    if (fileNode != null) {
      Object from =
          scalar(
              Path.class,
              at + "_file",
              key,
              fileNode,
              file == null ? Origin.FILE : Origin.VARIABLE);
      secret = from == null ? null : SecretFile.read((Path) from, at + "_file", problems);
    } else if (directNode != null) {
      secret =
          scalar(Secret.class, at, key, directNode, direct == null ? Origin.FILE : Origin.VARIABLE);
    } else if (optional) {
      return Optional.empty();
    } else {
      problems.add(at, "is required, here or in " + key + "_file");
    }
    return optional && secret != null ? Optional.of(secret) : secret;
  }

  private static @Nullable Node present(@Nullable Node node) {
    return node == null || YamlDocument.isNull(node) ? null : node;
  }
}
