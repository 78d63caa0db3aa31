package io.agentweave.client;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;

/** Gives the call a channel whose TLS accepts only the target, for as long as it runs. */
final class Connecting<R> implements Stage<Located, Connected, R> {
  private final PeerChannels channels;

  Connecting(PeerChannels channels) {
    this.channels = channels;
  }

  @Override
  public CallOutcome<R> pass(Located located, Next<Connected, R> next) {
    return switch (channels.lease(located.outgoing().target(), located.address())) {
      case PeerChannels.Lease.Refused(Refusal refusal) -> CallOutcome.refused(refusal);
      case PeerChannels.Lease.Taken(PeerChannel channel) -> {
        try {
          CallOutcome<R> outcome = next.proceed(new Connected(located, channel));
          if (failedToConnect(outcome, located.attempt())) {
            // gRPC would keep the channel for its own, ever longer, backoff
            channels.discard(channel);
          }
          yield outcome;
        } finally {
          channel.release();
        }
      }
    };
  }

  private static boolean failedToConnect(CallOutcome<?> outcome, Attempt attempt) {
    return !attempt.sent()
        && outcome instanceof CallOutcome.Refused<?>(Refusal refusal)
        && (refusal instanceof Refusal.Unreachable || refusal instanceof Refusal.Unauthenticated);
  }
}
