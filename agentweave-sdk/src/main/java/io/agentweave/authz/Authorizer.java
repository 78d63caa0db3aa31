package io.agentweave.authz;

import io.agentweave.identity.PeerIdentity;

/**
 * The policy enforcement point: peer requirement, then policy, with an earlier permit only where
 * the policy itself allows it. Safe for use by many threads; may block.
 */
public interface Authorizer extends AutoCloseable {

  /** Decides on a call that arrived from a proven peer. */
  Decision inbound(PolicyInput input, PeerIdentity peer, PeerRequirement requirement);

  /** Decides on a call that is about to be made. */
  Decision outbound(PolicyInput input);

  /**
   * Decides afresh, never from an earlier permit, on a call whose caller is known from the record
   * of an earlier call and not from a connection: the replay of a dead letter.
   */
  Decision replay(PolicyInput input, PeerRequirement requirement);

  @Override
  void close();
}
