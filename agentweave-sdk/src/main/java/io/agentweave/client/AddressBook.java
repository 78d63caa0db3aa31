package io.agentweave.client;

import io.agentweave.config.DiscoverySection;
import io.agentweave.identity.SpiffeId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Says where the agent with a SPIFFE ID listens: {@code discovery.static}, then the template. */
final class AddressBook {
  private static final String NAME = "{name}";

  /**
   * Targets are named by the agent's own code; a bound all the same, for code that computes them.
   */
  private static final int MOST_REMEMBERED = 1_000;

  private final DiscoverySection discovery;
  private final Map<SpiffeId, Address> remembered = new ConcurrentHashMap<>();

  AddressBook(DiscoverySection discovery) {
    this.discovery = discovery;
  }

  /** Where the target listens; empty when {@link #entry} is no address. */
  Optional<Address> address(SpiffeId target) {
    Address known = remembered.get(target);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Address> read = Address.parse(entry(target));
    if (remembered.size() < MOST_REMEMBERED) {
      read.ifPresent(address -> remembered.put(target, address));
    }
    return read;
  }

  /** As it is written in the configuration; may not be an address at all. */
  String entry(SpiffeId target) {
    return Optional.ofNullable(discovery.addresses().get(target.toString()))
        .orElseGet(() -> discovery.template().replace(NAME, lastSegment(target)));
  }

  private static String lastSegment(SpiffeId target) {
    return target.path().substring(target.path().lastIndexOf('/') + 1);
  }
}
