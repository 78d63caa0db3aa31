package io.agentweave.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The environment, as far as it overrides keys. An empty variable counts as not set. */
record Variables(Map<String, String> env) {

  /** What overrides the key at {@code path}. */
  @Nullable String of(String path) {
    return named(Keys.variable(path));
  }

  @Nullable String named(String variable) {
    String value = env.get(variable);
    return value == null || value.isEmpty() ? null : value;
  }

  /** Whether a key within the section at {@code path} is overridden. */
  boolean anyInside(String path) {
    String prefix = Keys.variable(path) + "_";
    return env.keySet().stream().anyMatch(name -> name.startsWith(prefix) && named(name) != null);
  }

  /** A variable's text as a node: a list where a list belongs. */
  static Node node(Type type, String text) {
    if (!(Keys.inside(type) instanceof ParameterizedType generic)
        || generic.getRawType() != List.class) {
      return text(text);
    }
    List<Node> elements = new ArrayList<>();
    for (String element : text.split(",", -1)) {
      elements.add(text(element.strip()));
    }
    return new SequenceNode(Tag.SEQ, elements, FlowStyle.FLOW);
  }

  static Node text(String value) {
    return new ScalarNode(Tag.STR, value, ScalarStyle.PLAIN);
  }
}
