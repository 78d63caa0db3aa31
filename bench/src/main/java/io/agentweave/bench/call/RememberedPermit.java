package io.agentweave.bench.call;

import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Decision;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.authz.PolicyInput;
import io.agentweave.identity.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Asks once and gives the same answer for ever. Only for finding out what asking costs: an agent
 * can't be made with it.
 */
final class RememberedPermit implements Authorizer {
  private final Authorizer real;
  private volatile @Nullable Decision inbound;
  private volatile @Nullable Decision outbound;

  RememberedPermit(Authorizer real) {
    this.real = real;
  }

  @Override
  public Decision inbound(PolicyInput input, PeerIdentity peer, PeerRequirement requirement) {
    Decision known = inbound;
    if (known == null) {
      known = real.inbound(input, peer, requirement);
      inbound = known;
    }
    return known;
  }

  @Override
  public Decision outbound(PolicyInput input) {
    Decision known = outbound;
    if (known == null) {
      known = real.outbound(input);
      outbound = known;
    }
    return known;
  }

  @Override
  public Decision replay(PolicyInput input, PeerRequirement requirement) {
    return real.replay(input, requirement);
  }

  @Override
  public void close() {
    real.close();
  }
}
