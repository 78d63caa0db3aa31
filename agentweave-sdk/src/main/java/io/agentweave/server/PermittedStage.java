package io.agentweave.server;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.authz.Permit;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.identity.SpiffeId;
import java.time.Instant;

/**
 * Asks who may do this: the capability's peer requirement, then policy. The decision is with the
 * operating system before anything is done under it; if it can't be written, nothing is done.
 */
final class PermittedStage implements Stage<AddressedCall, PermittedCall, Reply> {
  private final Authorizer authorizer;
  private final AuditLog audit;
  private final CallTelemetry telemetry;
  private final SpiffeId self;
  private final String environment;

  PermittedStage(
      Authorizer authorizer,
      AuditLog audit,
      CallTelemetry telemetry,
      SpiffeId self,
      String environment) {
    this.authorizer = authorizer;
    this.audit = audit;
    this.telemetry = telemetry;
    this.self = self;
    this.environment = environment;
  }

  @Override
  public CallOutcome<Reply> pass(AddressedCall call, Next<PermittedCall, Reply> next) {
    Decision decision = telemetry.decision(() -> decide(call));
    Observation observation = call.received().observation();
    observation.decided(decision.id());
    AuditReceipt receipt = audit.record(AuditEvent.Decided.of(observation.subject(self), decision));
    return switch (receipt) {
      case AuditReceipt.Unwritable(String reason) ->
          CallOutcome.refused(new Refusal.AuditUnavailable(reason));
      case AuditReceipt.Written written ->
          switch (decision) {
            case Permit permit -> next.proceed(new PermittedCall(call, permit));
            case Denied denied ->
                CallOutcome.refused(
                    new Refusal.Denied(denied.id(), denied.reason(), "by " + denied.policyId()));
            case Unavailable unavailable ->
                CallOutcome.refused(
                    new Refusal.PolicyUnavailable(
                        unavailable.id(), unavailable.fault() + ": " + unavailable.detail()));
          };
    };
  }

  private Decision decide(AddressedCall call) {
    PolicyInput input =
        new PolicyInput(call.call(), call.peer().spiffeId(), self, environment, Instant.now());
    return authorizer.inbound(input, call.peer(), requirement(call.operation()));
  }

  private static PeerRequirement requirement(Operation operation) {
    return operation instanceof Operation.Send send && send.served().isPresent()
        ? send.served().get().requirement()
        : PeerRequirement.anyProvenPeer();
  }
}
