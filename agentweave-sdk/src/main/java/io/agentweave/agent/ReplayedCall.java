package io.agentweave.agent;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.TraceContext;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.Decoded;
import io.agentweave.server.Invocation;
import io.agentweave.server.ServedCall;
import io.agentweave.server.ServedCapability;
import io.agentweave.server.TaskUpdates;
import io.agentweave.validation.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One dead letter's call, made again: decided, written down before and after it runs, and settled.
 */
record ReplayedCall(
    DeadLetter letter,
    Call call,
    ServedCapability skill,
    RequestContext operator,
    TaskUpdates updates,
    TraceContext trace,
    DeadLetterQueue queue,
    AuditLog audit) {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayedCall.class);

  TaskResult run(SpiffeId self, String environment, Authorizer authorizer) {
    long start = System.nanoTime();
    SpiffeId caller = SpiffeId.parse(letter.origin().callerSpiffeId());
    Decision decision =
        authorizer.replay(
            new PolicyInput(call, caller, self, environment, Instant.now()), skill.requirement());
    AuditEvent.Subject subject = subject(self);
    AuditReceipt receipt = audit.record(AuditEvent.Decided.of(subject, decision));
    if (receipt instanceof AuditReceipt.Unwritable(String reason)) {
      throw new RefusalException(new Refusal.AuditUnavailable(reason));
    }
    Replay replay = new Replay(letter.id(), queue);
    CallOutcome<TaskResult> outcome =
        switch (decision) {
          case Permit permit -> handled(permit, replay);
          case Denied denied ->
              CallOutcome.refused(
                  new Refusal.Denied(
                      denied.id(),
                      denied.reason(),
                      "%s may not call %s now: %s (decision %s)"
                          .formatted(caller, skill.name(), denied.reason(), denied.id())));
          case Unavailable unavailable ->
              CallOutcome.refused(
                  new Refusal.PolicyUnavailable(
                      unavailable.id(),
                      "%s (decision %s)".formatted(unavailable.fault(), unavailable.id())));
        };
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    audit.record(
        new AuditEvent.Ended(subject, outcome.word(), detail(outcome), decision.id(), duration));
    return settled(replay, outcome);
  }

  private AuditEvent.Subject subject(SpiffeId self) {
    return new AuditEvent.Subject(
        call.requestId(),
        call.direction(),
        call.rpc(),
        call.action(),
        letter.origin().callerSpiffeId(),
        letter.origin().callerSvidSerial(),
        self.toString(),
        call.payload().size(),
        trace);
  }

  private String detail(CallOutcome<TaskResult> outcome) {
    String what =
        "replay of dead letter %s for %s".formatted(letter.id(), operator.caller().spiffeId());
    return outcome instanceof CallOutcome.Refused<TaskResult>(Refusal refusal)
        ? what + ": " + refusal.detail()
        : what;
  }

  private CallOutcome<TaskResult> handled(Permit permit, Replay replay) {
    ServedCall served =
        new ServedCall(
            call,
            operator.caller(),
            permit,
            operator.taskId(),
            operator.requestId(),
            trace,
            updates);
    try {
      return switch (skill.decoder().decode(call.payload())) {
        case Decoded.Invalid(var violations) ->
            CallOutcome.refused(new Refusal.Invalid(violations));
        case Decoded.Ready(Invocation invocation) -> replay.during(() -> invocation.run(served));
      };
    } catch (RuntimeException e) {
      LOG.error("request {}: the handler threw", call.requestId(), e);
      return CallOutcome.refused(
          new Refusal.Broken("the handler threw " + e.getClass().getName() + "; see the log"));
    }
  }

  private TaskResult settled(Replay replay, CallOutcome<TaskResult> outcome) {
    String what = "dead letter " + letter.id();
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean completed) when completed ->
          queue.settle(letter.id(), DeadLetter.Status.REPLAYED)
              ? replayed(result)
              : TaskResult.failed(what + " was processed again, but was settled meanwhile");
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean completed) -> {
        String error = result.error() == null ? "the handler failed" : result.error();
        replay.failed("failed", error);
        yield TaskResult.failed(what + " failed again: " + error);
      }
      case CallOutcome.Refused<TaskResult>(Refusal refusal) -> {
        String why = refusal.kind().word() + ": " + refusal.detail();
        replay.failed(refusal.kind().word(), refusal.detail());
        yield TaskResult.failed(what + " failed again: " + why);
      }
    };
  }

  private TaskResult replayed(TaskResult result) {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part.DataPart(
            Payload.ofJson(
                Json.write(Map.of("status", "replayed", "dead_letter_id", letter.id())))));
    result.messages().forEach(message -> parts.addAll(message.parts()));
    return new TaskResult(
        TaskResult.Status.COMPLETED,
        List.of(new TaskResult.Message(parts)),
        result.artifacts(),
        null);
  }
}
