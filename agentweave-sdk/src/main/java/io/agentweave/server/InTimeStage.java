package io.agentweave.server;

import io.agentweave.admission.Admission;
import io.agentweave.admission.AdmissionControl;
import io.agentweave.admission.Ticket;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets in what arrived whole and in time while there is room. Cheap, and asks for no identity: a
 * flood must not reach the policy engine. A deadline that is exactly reached is too late.
 */
final class InTimeStage implements Stage<ObservedCall, CompleteCall, Reply> {
  private final AdmissionControl admission;
  private final Supplier<Optional<Refusal>> closed;

  /**
   * @param closed why no call is taken any more
   */
  InTimeStage(AdmissionControl admission, Supplier<Optional<Refusal>> closed) {
    this.admission = admission;
    this.closed = closed;
  }

  @Override
  public CallOutcome<Reply> pass(ObservedCall call, Next<CompleteCall, Reply> next) {
    Optional<Refusal> refusal = closed.get();
    if (refusal.isPresent()) {
      return CallOutcome.refused(refusal.get());
    }
    if (call.received().arrival() instanceof Arrival.TurnedAway(Refusal why)) {
      return CallOutcome.refused(why);
    }
    if (call.received().deadline().isOver()) {
      return CallOutcome.refused(
          new Refusal.DeadlineExceeded("it was over when the call had arrived"));
    }
    return switch (admission.enter(call.asked().action())) {
      case Admission.TurnedAway(Refusal.Overloaded overloaded) -> CallOutcome.refused(overloaded);
      case Admission.Admitted(Ticket ticket) ->
          Tickets.during(
              ticket, () -> next.proceed(new CompleteCall(call.received(), call.asked())));
    };
  }
}
