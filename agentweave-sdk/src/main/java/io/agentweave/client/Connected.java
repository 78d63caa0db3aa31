package io.agentweave.client;

/** A permitted attempt with a channel that can only end at its target. */
record Connected(Located located, PeerChannel channel) {

  Attempt attempt() {
    return located.attempt();
  }

  Outgoing outgoing() {
    return located.outgoing();
  }
}
