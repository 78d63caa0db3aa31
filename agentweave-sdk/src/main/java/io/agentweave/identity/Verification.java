package io.agentweave.identity;

/** The answer to "who is this peer": a proof, or the rule that its certificates break. */
public sealed interface Verification permits PeerIdentity, Rejected {}
