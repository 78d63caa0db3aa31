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
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.Violation;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.CapabilityCatalogue;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes dead letters again, in the name of whoever brought them: the original caller must be
 * allowed to do now what it did then. A letter is replayed by one operator at a time, and is
 * settled once it succeeds; a failure leaves it open. Safe for use by many threads.
 */
final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

  private final SpiffeId self;
  private final String environment;
  private final DeadLetterQueue queue;
  private final Authorizer authorizer;
  private final AuditLog audit;
  private final CapabilityCatalogue skills;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  Replays(
      SpiffeId self,
      String environment,
      DeadLetterQueue queue,
      Authorizer authorizer,
      AuditLog audit,
      CapabilityCatalogue skills) {
    this.self = self;
    this.environment = environment;
    this.queue = queue;
    this.authorizer = authorizer;
    this.audit = audit;
    this.skills = skills;
  }

  /**
   * @param data what to process instead of the letter's own content
   * @param operator the call that asks for the replay
   */
  TaskResult replay(
      String id, Optional<Payload> data, RequestContext operator, TaskUpdates updates) {
    if (!underWay.add(id)) {
      return TaskResult.failed("dead letter " + id + " is being replayed right now");
    }
    try {
      Optional<DeadLetter> letter = queue.find(id);
      if (letter.isEmpty()) {
        return TaskResult.failed("there is no dead letter " + id);
      }
      if (letter.get().status() != DeadLetter.Status.OPEN) {
        return TaskResult.failed(
            "dead letter " + id + " is settled already: " + word(letter.get().status()));
      }
      Optional<ServedCapability> skill = skills.find(letter.get().origin().capability());
      if (skill.isEmpty()) {
        return TaskResult.failed(
            "this agent has no capability " + letter.get().origin().capability());
      }
      Call call = call(data.orElse(letter.get().content()), operator, skill.get());
      return replay(letter.get(), call, operator, updates, skill.get());
    } finally {
      underWay.remove(id);
    }
  }

  private static Call call(Payload content, RequestContext operator, ServedCapability skill) {
    return new Call(
        UUID.randomUUID().toString(),
        Direction.INBOUND,
        "SendMessage",
        skill.name(),
        null,
        content,
        operator.deadline());
  }

  private TaskResult replay(
      DeadLetter letter,
      Call call,
      RequestContext operator,
      TaskUpdates updates,
      ServedCapability skill) {
    long start = System.nanoTime();
    AuditEvent.Subject subject = subject(letter, call, operator);
    Decision decision =
        authorizer.replay(
            new PolicyInput(
                call,
                SpiffeId.parse(letter.origin().callerSpiffeId()),
                self,
                environment,
                Instant.now()),
            skill.requirement());
    AuditReceipt receipt = audit.record(AuditEvent.Decided.of(subject, decision));
    if (receipt instanceof AuditReceipt.Unwritable(String reason)) {
      throw new RefusalException(new Refusal.AuditUnavailable(reason));
    }
    Replay replay = new Replay(letter.id(), queue);
    CallOutcome<TaskResult> outcome =
        switch (decision) {
          case Permit permit -> run(call, permit, operator, updates, skill, replay);
          case Denied denied ->
              CallOutcome.refused(
                  new Refusal.Denied(
                      denied.id(),
                      denied.reason(),
                      letter.origin().callerSpiffeId() + " may not: " + denied.reason()));
          case Unavailable unavailable ->
              CallOutcome.refused(
                  new Refusal.PolicyUnavailable(unavailable.id(), unavailable.detail()));
        };
    audit.record(
        new AuditEvent.Ended(
            subject,
            outcome.word(),
            outcome instanceof CallOutcome.Refused<TaskResult>(Refusal refusal)
                ? refusal.detail()
                : "replay of dead letter " + letter.id(),
            decision.id(),
            Duration.ofNanos(System.nanoTime() - start)));
    return settled(letter.id(), replay, outcome);
  }

  private static AuditEvent.Subject subject(DeadLetter letter, Call call, RequestContext operator) {
    return new AuditEvent.Subject(
        call.requestId(),
        call.direction(),
        call.rpc(),
        call.action(),
        letter.origin().callerSpiffeId(),
        letter.origin().callerSvidSerial(),
        letter.origin().agent(),
        call.payload().size(),
        operator.trace());
  }

  private static CallOutcome<TaskResult> run(
      Call call,
      Permit permit,
      RequestContext operator,
      TaskUpdates updates,
      ServedCapability skill,
      Replay replay) {
    ServedCall served =
        new ServedCall(
            call,
            operator.caller(),
            permit,
            operator.taskId(),
            operator.requestId(),
            operator.trace(),
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

  private TaskResult settled(String id, Replay replay, CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean done) when done ->
          queue.settle(id, DeadLetter.Status.REPLAYED)
              ? replayed(id, result)
              : TaskResult.failed(
                  "dead letter " + id + " was processed again, but was settled meanwhile");
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean done) -> {
        String error = result.error() == null ? "the handler failed" : result.error();
        replay.failed("failed", error);
        yield TaskResult.failed("dead letter " + id + " failed again: " + error);
      }
      case CallOutcome.Refused<TaskResult>(Refusal refusal) -> {
        replay.failed(refusal.kind().word(), refusal.detail());
        yield TaskResult.failed(
            "dead letter %s failed again: %s: %s"
                .formatted(id, refusal.kind().word(), told(refusal)));
      }
    };
  }

  /** The operator reads which fields are wrong and which decision refused; the rest is in audit. */
  private static String told(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Invalid(var violations) ->
          String.join("; ", violations.stream().map(Violation::toString).toList());
      case Refusal.Denied(String decisionId, String reason, String detail) ->
          detail + " (decision " + decisionId + ")";
      case Refusal other -> other.detail();
    };
  }

  private static TaskResult replayed(String id, TaskResult result) {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part.DataPart(
            Payload.ofJson(Json.write(Map.of("status", "replayed", "dead_letter_id", id)))));
    result.messages().forEach(message -> parts.addAll(message.parts()));
    return new TaskResult(
        TaskResult.Status.COMPLETED,
        List.of(new TaskResult.Message(parts)),
        result.artifacts(),
        null);
  }

  private static String word(DeadLetter.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
