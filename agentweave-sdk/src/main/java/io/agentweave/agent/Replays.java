package io.agentweave.agent;

import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditLog;
import io.agentweave.authz.Authorizer;
import io.agentweave.call.Call;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.call.RandomUuid;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.CapabilityCatalogue;
import io.agentweave.server.ServedCapability;
import io.agentweave.server.TaskUpdates;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Processes dead letters again, in the name of whoever brought them: the original caller must be
 * allowed to do now what it did then. A letter is replayed by one operator at a time, and is
 * settled once it succeeds; a failure leaves it open. Safe for use by many threads.
 */
final class Replays {
  private final SpiffeId self;
  private final String environment;
  private final DeadLetterQueue queue;
  private final Authorizer authorizer;
  private final AuditLog audit;
  private final CapabilityCatalogue skills;
  private final Telemetry telemetry;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  Replays(
      SpiffeId self,
      String environment,
      DeadLetterQueue queue,
      Authorizer authorizer,
      AuditLog audit,
      CapabilityCatalogue skills,
      Telemetry telemetry) {
    this.self = self;
    this.environment = environment;
    this.queue = queue;
    this.authorizer = authorizer;
    this.audit = audit;
    this.skills = skills;
    this.telemetry = telemetry;
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
    try (ActiveSpan span = telemetry.span(AgentSpan.DEAD_LETTER_REPLAY)) {
      TaskResult result =
          queue
              .find(id)
              .map(letter -> replay(letter, data, operator, updates, span))
              .orElseGet(() -> TaskResult.failed("there is no dead letter " + id));
      if (!result.isCompleted()) {
        span.fail("failed");
      }
      return result;
    } finally {
      underWay.remove(id);
    }
  }

  private TaskResult replay(
      DeadLetter letter,
      Optional<Payload> data,
      RequestContext operator,
      TaskUpdates updates,
      ActiveSpan span) {
    if (letter.status() != DeadLetter.Status.OPEN) {
      return TaskResult.failed(
          "dead letter %s is %s already"
              .formatted(letter.id(), letter.status().name().toLowerCase(Locale.ROOT)));
    }
    Optional<ServedCapability> skill = skills.find(letter.origin().capability());
    if (skill.isEmpty()) {
      return TaskResult.failed("this agent has no capability " + letter.origin().capability());
    }
    Call call =
        new Call(
            RandomUuid.next(),
            Direction.INBOUND,
            "SendMessage",
            skill.get().name(),
            null,
            data.orElse(letter.content()),
            operator.deadline());
    span.note(SpanKey.REQUEST_ID, call.requestId());
    return new ReplayedCall(
            letter, call, skill.get(), operator, updates, span.context(), queue, audit)
        .run(self, environment, authorizer);
  }
}
