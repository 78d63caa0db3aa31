package io.agentweave.client;

import io.agentweave.call.Stage;

/**
 * The outbound chain, outermost stage first. What a stage proves is in the type it hands on: a call
 * that policy did not permit has no address, and there is no channel whose TLS lets anybody but the
 * target through.
 */
final class OutboundChain {
  private OutboundChain() {}

  static <R> Stage<Outgoing, Connected, R> of(
      ClientParts parts, PeerChannels channels, Breakers breakers) {
    return new Observing<R>(parts)
        .then(new InTime<>())
        .then(new Retrying<>(parts.telemetry(), parts.transport().retry()))
        .then(new Authorizing<>(parts))
        .then(new Locating<>(new AddressBook(parts.discovery())))
        .then(new Breaking<>(breakers))
        .then(new Connecting<>(channels));
  }
}
