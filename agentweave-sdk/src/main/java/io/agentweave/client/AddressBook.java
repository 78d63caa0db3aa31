package io.agentweave.client;

import io.agentweave.config.DiscoverySection;
import io.agentweave.identity.SpiffeId;
import java.util.Optional;

/** Says where the agent with a SPIFFE ID listens: {@code discovery.static}, then the template. */
final class AddressBook {
  private static final String NAME = "{name}";

  private final DiscoverySection discovery;

  AddressBook(DiscoverySection discovery) {
    this.discovery = discovery;
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
