package io.agentweave.client;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.Rejected;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.SvidRule;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One connection, and for how long it is proven who is at its other end. */
final class PeerLink {
  private static final Duration LONGEST_MARGIN = Duration.ofMinutes(1);

  private final SpiffeId target;
  private final List<X509Certificate> chain;
  private long judgedUnder;
  private Instant provenUntil = Instant.MIN;
  private Instant renewAt = Instant.MIN;

  PeerLink(SpiffeId target, List<X509Certificate> chain) {
    this.target = target;
    this.chain = chain;
  }

  /** Why the connection must not go on, if it must not. */
  synchronized Optional<String> objection(IdentitySnapshot newest) {
    if (judgedUnder != newest.generation()) {
      return judge(newest);
    }
    return Instant.now().isBefore(provenUntil)
        ? Optional.empty()
        : Optional.of("the peer's SVID has expired");
  }

  private Optional<String> judge(IdentitySnapshot newest) {
    return switch (newest.verify(chain)) {
      case PeerIdentity peer when peer.spiffeId().equals(target) -> {
        Instant now = Instant.now();
        Duration third = Duration.between(now, peer.notAfter()).dividedBy(3);
        judgedUnder = newest.generation();
        provenUntil = peer.notAfter();
        renewAt = provenUntil.minus(third.compareTo(LONGEST_MARGIN) < 0 ? third : LONGEST_MARGIN);
        yield Optional.empty();
      }
      case PeerIdentity other -> Optional.of("the peer is another one");
      case Rejected(SvidRule rule, String detail) ->
          Optional.of("the peer is not trusted any more: " + rule.word());
    };
  }

  /**
   * Some time before the proof ends, so that calls under way can end by themselves: from then on,
   * new calls go over a new connection.
   */
  synchronized boolean agesOut() {
    return !Instant.now().isBefore(renewAt);
  }
}
