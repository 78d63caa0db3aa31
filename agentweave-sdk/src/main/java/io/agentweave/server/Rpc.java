package io.agentweave.server;

import com.google.protobuf.Message;
import io.agentweave.a2a.v1.CancelTaskRequest;
import io.agentweave.a2a.v1.DeleteTaskPushNotificationConfigRequest;
import io.agentweave.a2a.v1.GetExtendedAgentCardRequest;
import io.agentweave.a2a.v1.GetTaskPushNotificationConfigRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTaskPushNotificationConfigsRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.TaskPushNotificationConfig;

/** Everything that can be asked of an agent, by the methods of A2A. */
enum Rpc {
  SEND_MESSAGE("SendMessage", "message", false, SendMessageRequest.getDefaultInstance()),
  SEND_STREAMING_MESSAGE(
      "SendStreamingMessage", "message", true, SendMessageRequest.getDefaultInstance()),
  GET_TASK("GetTask", "task.get", false, GetTaskRequest.getDefaultInstance()),
  LIST_TASKS("ListTasks", "task.list", false, ListTasksRequest.getDefaultInstance()),
  CANCEL_TASK("CancelTask", "task.cancel", false, CancelTaskRequest.getDefaultInstance()),
  SUBSCRIBE_TO_TASK(
      "SubscribeToTask", "task.subscribe", true, SubscribeToTaskRequest.getDefaultInstance()),
  CREATE_PUSH_CONFIG(
      "CreateTaskPushNotificationConfig",
      "push_config.create",
      false,
      TaskPushNotificationConfig.getDefaultInstance()),
  GET_PUSH_CONFIG(
      "GetTaskPushNotificationConfig",
      "push_config.get",
      false,
      GetTaskPushNotificationConfigRequest.getDefaultInstance()),
  LIST_PUSH_CONFIGS(
      "ListTaskPushNotificationConfigs",
      "push_config.list",
      false,
      ListTaskPushNotificationConfigsRequest.getDefaultInstance()),
  GET_EXTENDED_CARD(
      "GetExtendedAgentCard", "card.read", false, GetExtendedAgentCardRequest.getDefaultInstance()),
  DELETE_PUSH_CONFIG(
      "DeleteTaskPushNotificationConfig",
      "push_config.delete",
      false,
      DeleteTaskPushNotificationConfigRequest.getDefaultInstance()),

  /** The card over HTTPS: not a method of the gRPC service. */
  GET_CARD("GetAgentCard", "card.read", false, GetExtendedAgentCardRequest.getDefaultInstance()),
  /** Anything else that a peer tries. */
  UNKNOWN("Unknown", "unknown", false, GetExtendedAgentCardRequest.getDefaultInstance());

  private final String method;
  private final String action;
  private final boolean streaming;
  private final Message request;

  Rpc(String method, String action, boolean streaming, Message request) {
    this.method = method;
    this.action = action;
    this.streaming = streaming;
    this.request = request;
  }

  /** Its name in the service. */
  String method() {
    return method;
  }

  /** What policy is asked about; of a message, this is the capability, and not known before. */
  String action() {
    return action;
  }

  /** Whether the answer is a stream. */
  boolean streaming() {
    return streaming;
  }

  /** The empty request. */
  Message request() {
    return request;
  }

  /** Whether it belongs to the gRPC service. */
  boolean inService() {
    return this != GET_CARD && this != UNKNOWN;
  }
}
