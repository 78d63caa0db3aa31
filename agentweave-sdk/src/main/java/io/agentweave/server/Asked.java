package io.agentweave.server;

import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a message asks for, or why that can't be said. A refusal is kept here until its caller is
 * proven once more.
 *
 * @param action what policy would be asked about
 */
record Asked(String action, Payload payload, Answer answer) {

  /** A readable request, or the refusal of an unreadable one. */
  sealed interface Answer {
    record Understood(Operation operation) implements Answer {}

    record Unreadable(Refusal refusal) implements Answer {}
  }

  static Asked readable(Operation operation, String action) {
    return operation instanceof Operation.Send send
        ? new Asked(action, send.payload(), new Answer.Understood(operation))
        : new Asked(action, Payload.empty(), new Answer.Understood(operation));
  }

  static Asked unreadable(Rpc rpc, Refusal refusal) {
    return new Asked(rpc.action(), Payload.empty(), new Answer.Unreadable(refusal));
  }

  @Nullable String taskId() {
    return answer instanceof Answer.Understood(var operation) ? operation.taskId() : null;
  }
}
