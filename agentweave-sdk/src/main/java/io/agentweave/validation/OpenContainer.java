package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An object or list that is being read, and the ones around it. */
final class OpenContainer {
  private final ContainerNode<?> container;
  private final @Nullable OpenContainer within;
  private @Nullable String name;

  OpenContainer(ContainerNode<?> container, @Nullable OpenContainer within) {
    this.container = container;
    this.within = within;
  }

  ContainerNode<?> container() {
    return container;
  }

  /** The name of the member that comes next. */
  void named(String memberName) {
    name = memberName;
  }

  void put(JsonNode value) {
    if (container instanceof ObjectNode object) {
      object.set(String.valueOf(name), value);
    } else {
      ((ArrayNode) container).add(value);
    }
  }

  /** The member or element that was put last. */
  Place here() {
    if (container.isObject()) {
      return name == null ? holder() : holder().member(Names.printable(name));
    }
    return container.isEmpty() ? holder() : holder().element(container.size() - 1);
  }

  /** The member or element that comes next. */
  Place next() {
    return container.isObject() ? here() : holder().element(container.size());
  }

  private Place holder() {
    return within == null ? Place.root() : within.here();
  }
}
