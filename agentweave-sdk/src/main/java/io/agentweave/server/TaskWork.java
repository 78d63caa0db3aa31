package io.agentweave.server;

import io.agentweave.a2a.JsonForm;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.ProtocolError;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.WireResults;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.CurrentCall;
import io.agentweave.call.Refusal;
import io.agentweave.call.TraceContext;
import io.agentweave.call.Violation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a capability as an A2A task, and tells its caller in the way the caller asked for. */
final class TaskWork {
  private static final Logger log = LoggerFactory.getLogger(TaskWork.class);

  private final TaskStore store;
  private final CallTelemetry telemetry;

  TaskWork(TaskStore store, CallTelemetry telemetry) {
    this.store = store;
    this.telemetry = telemetry;
  }

  CallOutcome<Reply> run(PermittedCall permitted, Work.RunTask work) {
    AddressedCall addressed = permitted.addressed();
    ReceivedCall received = addressed.received();
    Message message = work.send().message();
    ServedTask task;
    boolean isNew = message.getTaskId().isEmpty();
    if (isNew) {
      task = store.open(addressed.peer().spiffeId(), message.getContextId());
    } else {
      Optional<ServedTask> known = store.find(message.getTaskId(), addressed.peer().spiffeId());
      if (known.isEmpty()) {
        return CallOutcome.refused(
            ProtocolError.TASK_NOT_FOUND.refusal("the caller has no task " + message.getTaskId()));
      }
      task = known.get();
      if (!message.getContextId().isEmpty() && !message.getContextId().equals(task.contextId())) {
        return CallOutcome.refused(
            new Refusal.Invalid(
                List.of(
                    new Violation(
                        "message.context_id", "is that of the task, or absent", "another one"))));
      }
    }
    if (!task.begin(message, work.send().request(), received.guard())) {
      return CallOutcome.refused(
          ProtocolError.UNSUPPORTED_OPERATION.refusal(
              "task " + task.id() + " does not wait for a message"));
    }
    if (!isNew) {
      store.resumed(task);
    }
    boolean forgotten = false;
    try {
      CallOutcome<Reply> outcome = run(permitted, work, task);
      forgotten = isMessageAlone(outcome);
      return outcome;
    } finally {
      if (forgotten) {
        store.forget(task);
      } else {
        store.rested(task, received.guard());
      }
    }
  }

  private CallOutcome<Reply> run(PermittedCall permitted, Work.RunTask work, ServedTask task) {
    ReceivedCall received = permitted.addressed().received();
    Operation.Send send = work.send();
    Exchange exchange = received.exchange();
    JsonForm form = JsonForm.askedFor(send.message());
    boolean streamed = send.delivery() == Operation.Delivery.STREAMED;
    if (send.delivery() == Operation.Delivery.AT_ONCE) {
      exchange.answerEarly(answer(task, send));
    }
    CallOutcome<TaskResult> outcome =
        ended(
            attempt(permitted, work, task, streamed ? Optional.of(exchange) : Optional.empty()),
            task,
            form);
    if (streamed) {
      finishStream(exchange, task, outcome, form);
    }
    if (task.state() == TaskState.TASK_STATE_CANCELED
        && received.guard().stopped() == WorkGuard.Cause.TASK_CANCELLED) {
      return new CallOutcome.Answered<>(reply(task, send), false);
    }
    return switch (outcome) {
      case CallOutcome.Refused<TaskResult>(Refusal refusal) -> CallOutcome.refused(refusal);
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean completed) ->
          inTime(permitted, send)
              ? new CallOutcome.Answered<>(reply(task, send, result), result.isCompleted())
              : CallOutcome.refused(
                  new Refusal.DeadlineExceeded("the work was done when nobody waited any more"));
    };
  }

  /** Ends the task by its outcome; a result that can't be said is none. */
  private static CallOutcome<TaskResult> ended(
      CallOutcome<TaskResult> outcome, ServedTask task, JsonForm form) {
    switch (outcome) {
      case CallOutcome.Answered<TaskResult>(TaskResult result, boolean completed) -> {
        try {
          task.end(
              WireResults.state(result.status()),
              WireResults.messages(result, task.id(), task.contextId(), task.messageIds(), form),
              WireResults.artifacts(result, form));
        } catch (RuntimeException e) {
          log.error("the result of task {} can't be written", task.id(), e);
          return ended(
              CallOutcome.refused(
                  new Refusal.Broken(e.getClass().getName() + " in the result; see the log")),
              task,
              form);
        }
      }
      case CallOutcome.Refused<TaskResult>(Refusal refusal) -> end(task, refusal, form);
    }
    return outcome;
  }

  private static boolean inTime(PermittedCall permitted, Operation.Send send) {
    return send.delivery() != Operation.Delivery.AT_THE_END
        || !permitted.addressed().call().deadline().isOver();
  }

  private CallOutcome<TaskResult> attempt(
      PermittedCall permitted, Work.RunTask work, ServedTask task, Optional<Exchange> stream) {
    AddressedCall addressed = permitted.addressed();
    ReceivedCall received = addressed.received();
    WorkGuard guard = received.guard();
    TraceContext trace = received.observation().trace();
    try {
      if (stream.isPresent()) {
        stream.get().stream(
            StreamResponse.newBuilder()
                .setTask(task.show(work.send().historyLength(), true))
                .build());
      }
      ServedCall call =
          new ServedCall(
              addressed.call(),
              addressed.peer(),
              permitted.permit(),
              task.id(),
              work.send().message().getMessageId(),
              trace,
              new LiveUpdates(task, JsonForm.askedFor(work.send().message()), stream));
      CurrentCall current = new CurrentCall(received.requestId(), addressed.call().deadline());
      CallOutcome<TaskResult> outcome =
          guard.run(
              () -> current.during(() -> telemetry.handler(() -> work.invocation().run(call))));
      WorkGuard.Cause cause = guard.stopped();
      return cause == null || outcome instanceof CallOutcome.Answered<TaskResult>
          ? outcome
          : CallOutcome.refused(refusal(cause));
    } catch (Throwable e) {
      WorkGuard.Cause cause = guard.stopped();
      if (cause != null) {
        return CallOutcome.refused(refusal(cause));
      }
      log.error("call {} of {} broke", received.requestId(), work.send().capability(), e);
      return CallOutcome.refused(
          new Refusal.Broken(e.getClass().getName() + " in the handler; see the log"));
    }
  }

  private static void finishStream(
      Exchange exchange, ServedTask task, CallOutcome<TaskResult> outcome, JsonForm form) {
    try {
      if (outcome instanceof CallOutcome.Answered<TaskResult>(TaskResult result, boolean done)) {
        for (var artifact : WireResults.artifacts(result, form)) {
          exchange.stream(task.artifactEvent(artifact, false, true));
        }
      }
      exchange.stream(task.statusEvent());
    } catch (InterruptedException e) {
      throw new IllegalStateException("the answer is not interrupted", e);
    }
  }

  private static void end(ServedTask task, Refusal refusal, JsonForm form) {
    boolean gone = refusal instanceof Refusal.Cancelled;
    TaskResult failed =
        TaskResult.failed(refusal.kind().word(), new Part.TextPart(refusal.kind().word()));
    task.end(
        gone ? TaskState.TASK_STATE_CANCELED : TaskState.TASK_STATE_FAILED,
        WireResults.messages(failed, task.id(), task.contextId(), task.messageIds(), form),
        List.of());
  }

  private static boolean isMessageAlone(CallOutcome<Reply> outcome) {
    return outcome instanceof CallOutcome.Answered<Reply>(Reply reply, boolean completed)
        && reply.message().orElse(null) instanceof SendMessageResponse response
        && response.hasMessage();
  }

  /** A message instead of the task, where nobody has been told of the task. */
  private static Reply reply(ServedTask task, Operation.Send send, TaskResult result) {
    boolean alone =
        result.status() == TaskResult.Status.REPLIED
            && send.delivery() == Operation.Delivery.AT_THE_END
            && send.message().getTaskId().isEmpty();
    return alone
        ? Reply.of(
            SendMessageResponse.newBuilder()
                .setMessage(
                    WireResults.reply(
                        result.messages().getLast(),
                        task.id(),
                        task.contextId(),
                        JsonForm.askedFor(send.message())))
                .build())
        : reply(task, send);
  }

  private static Reply reply(ServedTask task, Operation.Send send) {
    return send.delivery() == Operation.Delivery.AT_THE_END
        ? Reply.of(answer(task, send))
        : Reply.ALREADY_SENT;
  }

  private static SendMessageResponse answer(ServedTask task, Operation.Send send) {
    return SendMessageResponse.newBuilder().setTask(task.answer(send.historyLength())).build();
  }

  /** What the end of the work means for its call. */
  static Refusal refusal(WorkGuard.@Nullable Cause cause) {
    return switch (cause) {
      case DEADLINE, DEADLINE_OF_CALLER ->
          new Refusal.DeadlineExceeded("the handler was interrupted at its deadline");
      case CALLER_GONE -> new Refusal.Cancelled("the caller went away");
      case TASK_CANCELLED -> new Refusal.Cancelled("the task was cancelled");
      // Not draining: what is refused by that has not begun, and may be tried again by anybody.
      case DRAINED ->
          new Refusal.DependencyUnavailable(
              "handler", "the agent stopped before the handler was done");
      case null -> throw new IllegalArgumentException("the work was not ended");
    };
  }
}
