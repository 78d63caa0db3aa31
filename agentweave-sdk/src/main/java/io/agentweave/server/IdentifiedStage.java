package io.agentweave.server;

import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.Rejected;
import io.agentweave.identity.SvidRule;
import java.util.Optional;

/**
 * Asks the current snapshot who the peer is, on every call: a TLS session proves who the peer was
 * when it was made. Only then is what the peer asked for looked at.
 */
final class IdentifiedStage implements Stage<CompleteCall, AddressedCall, Reply> {
  private final IdentitySource identity;

  IdentifiedStage(IdentitySource identity) {
    this.identity = identity;
  }

  @Override
  public CallOutcome<Reply> pass(CompleteCall call, Next<AddressedCall, Reply> next) {
    ReceivedCall received = call.received();
    IdentitySnapshot now = identity.current();
    Optional<String> unusable = now.unusableBecause();
    if (unusable.isPresent()) {
      return CallOutcome.refused(
          new Refusal.Unauthenticated(SvidRule.OWN_SVID_UNUSABLE.word(), unusable.get()));
    }
    if (received.connection().isEmpty()) {
      return CallOutcome.refused(
          new Refusal.Unauthenticated(
              SvidRule.NO_CERTIFICATE.word(), "the call came on no connection of a proven peer"));
    }
    PeerConnection connection = received.connection().get();
    return switch (connection.peer(now)) {
      case Rejected(SvidRule rule, String detail) -> {
        connection.close();
        yield CallOutcome.refused(new Refusal.Unauthenticated(rule.word(), detail));
      }
      case PeerIdentity peer -> {
        received.observation().identified(peer);
        yield switch (call.asked().answer()) {
          case Asked.Answer.Unreadable(Refusal refusal) -> CallOutcome.refused(refusal);
          case Asked.Answer.Understood(Operation operation) ->
              next.proceed(addressed(call, peer, operation));
        };
      }
    };
  }

  private static AddressedCall addressed(
      CompleteCall complete, PeerIdentity peer, Operation operation) {
    ReceivedCall received = complete.received();
    Asked asked = complete.asked();
    Call call =
        new Call(
            received.requestId(),
            Direction.INBOUND,
            received.rpc().method(),
            asked.action(),
            asked.taskId(),
            asked.payload(),
            deadline(received, operation));
    return new AddressedCall(received, peer, call, operation);
  }

  /** Work that goes on without its caller has the server's time, not the caller's. */
  private static Deadline deadline(ReceivedCall received, Operation operation) {
    boolean outlivesCaller =
        operation instanceof Operation.Send send
            && send.delivery() != Operation.Delivery.AT_THE_END;
    if (outlivesCaller) {
      received
          .guard()
          .outliveCaller(received.limit(), () -> received.guard().stop(WorkGuard.Cause.DEADLINE));
      return received.limit();
    }
    return received.deadline();
  }
}
