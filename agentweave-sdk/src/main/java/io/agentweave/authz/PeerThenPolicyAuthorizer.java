package io.agentweave.authz;

import io.agentweave.call.Direction;
import io.agentweave.identity.PeerIdentity;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Checks the peer requirement, then looks for a permit that may be reused, then asks policy. */
final class PeerThenPolicyAuthorizer implements Authorizer {
  private final PolicyEngine engine;
  private final ReusablePermits permits;

  PeerThenPolicyAuthorizer(PolicyEngine engine, LongSupplier nanoTime) {
    this.engine = engine;
    this.permits = new ReusablePermits(nanoTime);
  }

  @Override
  public Decision inbound(PolicyInput input, PeerIdentity peer, PeerRequirement requirement) {
    expectDirection(Direction.INBOUND, input);
    if (!input.caller().equals(peer.spiffeId())) {
      throw new IllegalArgumentException(
          "the policy input names " + input.caller() + " as caller, proven is " + peer.spiffeId());
    }
    return requirement.isMetBy(input.caller())
        ? decide(input, peer.svidSerial())
        : peerNotAllowed();
  }

  @Override
  public Decision outbound(PolicyInput input) {
    expectDirection(Direction.OUTBOUND, input);
    return decide(input, "");
  }

  @Override
  public Decision replay(PolicyInput input, PeerRequirement requirement) {
    expectDirection(Direction.INBOUND, input);
    return requirement.isMetBy(input.caller()) ? engine.decide(input) : peerNotAllowed();
  }

  private Decision decide(PolicyInput input, String peerSvidSerial) {
    Permit earlier = permits.find(input, peerSvidSerial);
    if (earlier == null) {
      return kept(engine.decide(input), input, peerSvidSerial);
    }
    Optional<Decision> instead = engine.decideUnlessStill(earlier.revision(), input);
    if (instead.isEmpty()) {
      return earlier.reusedAs(DecisionId.next());
    }
    permits.forget(input, peerSvidSerial);
    return kept(instead.get(), input, peerSvidSerial);
  }

  private Decision kept(Decision decision, PolicyInput input, String peerSvidSerial) {
    if (decision instanceof Permit permit) {
      permits.keep(input, peerSvidSerial, permit);
    }
    return decision;
  }

  private static Denied peerNotAllowed() {
    return new Denied(DecisionId.next(), "", "requires_peer", "peer_not_allowed");
  }

  private static void expectDirection(Direction expected, PolicyInput input) {
    if (input.call().direction() != expected) {
      throw new IllegalArgumentException("not an " + expected.word() + " call");
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
