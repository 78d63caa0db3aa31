package io.agentweave.server;

import com.google.protobuf.ByteString;
import io.agentweave.a2a.v1.CancelTaskRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.call.Payload;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a well-formed request asks for. */
sealed interface Operation {

  /**
   * A message for a capability.
   *
   * @param request the bytes that all of it was read from
   * @param capability what it names
   * @param served that capability, when this agent has it
   * @param payload its parameters
   * @param delivery how the caller wants to hear of it
   * @param historyLength how much history the answer holds; all that there is when empty
   */
  record Send(
      ByteString request,
      String capability,
      Optional<ServedCapability> served,
      Message message,
      Payload payload,
      Delivery delivery,
      Optional<Integer> historyLength)
      implements Operation {}

  /** How a caller wants to hear of its task. */
  enum Delivery {
    /** One answer, when the task has ended. */
    AT_THE_END,
    /** One answer, as soon as there is a task. */
    AT_ONCE,
    /** Every event. */
    STREAMED
  }

  /** What the server answers by itself. */
  sealed interface OfProtocol extends Operation {}

  record GetTask(GetTaskRequest request) implements OfProtocol {}

  record ListTasks(ListTasksRequest request) implements OfProtocol {}

  record CancelTask(CancelTaskRequest request) implements OfProtocol {}

  record Subscribe(SubscribeToTaskRequest request) implements OfProtocol {}

  record PushConfig() implements OfProtocol {}

  record ReadCard() implements OfProtocol {}

  /** The task it is about, if it is about one that should exist. */
  default @Nullable String taskId() {
    return switch (this) {
      case Send send -> send.message().getTaskId().isEmpty() ? null : send.message().getTaskId();
      case GetTask get -> get.request().getId();
      case CancelTask cancel -> cancel.request().getId();
      case Subscribe subscribe -> subscribe.request().getId();
      case ListTasks list -> null;
      case PushConfig push -> null;
      case ReadCard card -> null;
    };
  }
}
