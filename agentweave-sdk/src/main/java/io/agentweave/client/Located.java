package io.agentweave.client;

/** A permitted attempt that knows where to connect to. */
record Located(Permitted permitted, Address address) {

  Attempt attempt() {
    return permitted.attempt();
  }

  Outgoing outgoing() {
    return permitted.attempt().outgoing();
  }
}
