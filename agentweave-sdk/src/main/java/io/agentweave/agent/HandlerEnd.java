package io.agentweave.agent;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.deadletter.DeadLetterException;
import io.agentweave.validation.Json;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what a handler's return value, or its exception, means for the call. */
final class HandlerEnd {
  private HandlerEnd() {}

  static CallOutcome<TaskResult> returned(@Nullable Object value) {
    TaskResult result =
        switch (value) {
          case null -> throw new NullPointerException("a capability never returns null");
          case TaskResult said -> fitForTheWire(said);
          case Object promise when isPromise(promise) ->
              throw new IllegalStateException(
                  "a capability returns what it has come to, no " + promise.getClass().getName());
          case Object other -> data(other);
        };
    return new CallOutcome.Answered<>(result, result.isCompleted());
  }

  private static boolean isPromise(Object value) {
    for (Class<?> type : CapabilityMethod.PROMISES) {
      if (type.isInstance(value)) {
        return true;
      }
    }
    return false;
  }

  /**
   * In A2A an artifact is known by its name within its task, and holds something: of two with one
   * name, callers would see the last.
   */
  private static TaskResult fitForTheWire(TaskResult said) {
    Set<String> names = new HashSet<>();
    for (TaskResult.Artifact artifact : said.artifacts()) {
      String name = artifact.name();
      if (name.isEmpty()) {
        throw new IllegalStateException("an artifact of a capability has a name");
      }
      if (artifact.parts().isEmpty()) {
        throw new IllegalStateException("artifact " + name + " has no parts; leave it out");
      }
      if (!names.add(name)) {
        throw new IllegalStateException(
            "two artifacts are named " + name + "; give them names, or put their parts into one");
      }
    }
    return said;
  }

  /** A completed result with this one data part: a payload, or anything that JSON can say. */
  static TaskResult data(Object value) {
    Payload json = value instanceof Payload p ? p : Payload.ofJson(Json.write(value));
    return TaskResult.completed(new Part.DataPart(json));
  }

  /** What is neither a refusal nor a failed call is a bug, and goes on as it is. */
  static CallOutcome<TaskResult> threw(Throwable thrown) {
    return switch (thrown) {
      case RefusalException e -> CallOutcome.refused(e.refusal());
      case AgentCallException e -> unanswered(e);
      case DeadLetterException e ->
          CallOutcome.refused(
              new Refusal.DependencyUnavailable(
                  "dead_letter_queue", String.valueOf(e.getMessage())));
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("the handler threw " + thrown, thrown);
    };
  }

  /**
   * When the same call may succeed later, so may this one. Else this agent has answered: it can't
   * do what it is asked, because another agent refuses it.
   */
  private static CallOutcome<TaskResult> unanswered(AgentCallException e) {
    return switch (e.refusal()) {
      case Refusal.DeadlineExceeded late ->
          CallOutcome.refused(new Refusal.DeadlineExceeded(String.valueOf(e.getMessage())));
      case Refusal.Cancelled cancelled ->
          CallOutcome.refused(new Refusal.Cancelled(String.valueOf(e.getMessage())));
      case Refusal other when e.retryable() ->
          CallOutcome.refused(
              new Refusal.DependencyUnavailable(
                  e.target().toString(), String.valueOf(e.getMessage())));
      case Refusal other ->
          new CallOutcome.Answered<>(
              TaskResult.failed(
                  "%s of %s was refused: %s".formatted(e.capability(), e.target(), reason(other))),
              false);
    };
  }

  private static String reason(Refusal refusal) {
    return refusal instanceof Refusal.RefusedByPeer peer && peer.remoteKind() != null
        ? peer.remoteKind().word()
        : refusal.kind().word();
  }
}
