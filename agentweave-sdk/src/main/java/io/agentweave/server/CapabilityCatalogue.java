package io.agentweave.server;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Everything an agent does for its peers, by name. What is not in it can't be called. */
public final class CapabilityCatalogue {
  private final Map<String, ServedCapability> byName;
  private final List<ServedCapability> skills;

  private CapabilityCatalogue(Map<String, ServedCapability> byName) {
    this.byName = byName;
    this.skills =
        byName.values().stream()
            .filter(capability -> capability.kind() == ServedCapability.Kind.SKILL)
            .toList();
  }

  /** Throws {@link IllegalArgumentException} when a name comes twice. */
  public static CapabilityCatalogue of(Collection<ServedCapability> capabilities) {
    Map<String, ServedCapability> byName = new LinkedHashMap<>();
    for (ServedCapability capability : capabilities) {
      if (byName.putIfAbsent(capability.name(), capability) != null) {
        throw new IllegalArgumentException("two capabilities are named " + capability.name());
      }
    }
    return new CapabilityCatalogue(byName);
  }

  public Optional<ServedCapability> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Everything that policy may be asked about and that needs a limit: the capabilities, and the
   * actions of the protocol itself.
   */
  public Set<String> actions() {
    Set<String> actions = new TreeSet<>(byName.keySet());
    for (Rpc rpc : Rpc.values()) {
      if (rpc != Rpc.SEND_MESSAGE && rpc != Rpc.SEND_STREAMING_MESSAGE && rpc != Rpc.UNKNOWN) {
        actions.add(rpc.action());
      }
    }
    return actions;
  }

  /** The agent's own ones, for its card. */
  List<ServedCapability> skills() {
    return skills;
  }

  /** In the order in which they were given. */
  public List<ServedCapability> all() {
    return List.copyOf(byName.values());
  }
}
