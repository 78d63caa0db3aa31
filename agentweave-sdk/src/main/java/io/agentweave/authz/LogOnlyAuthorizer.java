package io.agentweave.authz;

import io.agentweave.identity.PeerIdentity;

/** Lets calls go on that policy refuses, under a permit that says so. The only maker of those. */
final class LogOnlyAuthorizer implements Authorizer {
  private static final String PRODUCTION = "production";

  private final Authorizer enforcing;

  LogOnlyAuthorizer(Authorizer enforcing) {
    this.enforcing = enforcing;
  }

  @Override
  public Decision inbound(PolicyInput input, PeerIdentity peer, PeerRequirement requirement) {
    Decision decision = enforcing.inbound(input, peer, requirement);
    return requirement.isMetBy(input.caller()) ? shadowed(input, decision) : decision;
  }

  @Override
  public Decision outbound(PolicyInput input) {
    return shadowed(input, enforcing.outbound(input));
  }

  @Override
  public Decision replay(PolicyInput input, PeerRequirement requirement) {
    Decision decision = enforcing.replay(input, requirement);
    return requirement.isMetBy(input.caller()) ? shadowed(input, decision) : decision;
  }

  private static Decision shadowed(PolicyInput input, Decision decision) {
    if (input.environment().equals(PRODUCTION)) {
      return decision;
    }
    return switch (decision) {
      case Permit permit -> permit;
      case Denied denied -> Permit.inSpiteOf(denied);
      case Unavailable unavailable -> Permit.inSpiteOf(unavailable);
    };
  }

  @Override
  public void close() {
    enforcing.close();
  }
}
