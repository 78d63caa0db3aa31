package io.agentweave.server;

import io.agentweave.admission.Admission;
import io.agentweave.admission.AdmissionControl;
import io.agentweave.admission.Ticket;
import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.call.Violation;
import java.util.List;

/** Holds the call to the quotas of its peer and of what it asks for, and to its deadline again. */
final class AdmittedStage implements Stage<PermittedCall, AdmittedCall, Reply> {
  private final AdmissionControl admission;

  AdmittedStage(AdmissionControl admission) {
    this.admission = admission;
  }

  @Override
  public CallOutcome<Reply> pass(PermittedCall permitted, Next<AdmittedCall, Reply> next) {
    AddressedCall addressed = permitted.addressed();
    if (addressed.operation() instanceof Operation.Send send && send.served().isEmpty()) {
      return CallOutcome.refused(unknownCapability());
    }
    Call call = addressed.call();
    Admission answer =
        admission.admit(
            call.action(),
            addressed.peer().spiffeId(),
            permitted.permit().rateClass(),
            call.deadline());
    return switch (answer) {
      case Admission.TurnedAway(Refusal.Overloaded overloaded) -> CallOutcome.refused(overloaded);
      case Admission.Admitted(Ticket ticket) ->
          Tickets.during(
              ticket,
              () ->
                  call.deadline().isOver()
                      ? CallOutcome.refused(
                          new Refusal.DeadlineExceeded("it passed before the handler could run"))
                      : next.proceed(new AdmittedCall(permitted)));
    };
  }

  /** Policy allowed something that does not exist: only now may the caller know that. */
  private static Refusal unknownCapability() {
    return new Refusal.Invalid(
        List.of(
            new Violation(
                "message.metadata.capability",
                "is a capability of this agent",
                "a name that is not")));
  }
}
