package io.agentweave.a2a;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.call.Violation;
import io.agentweave.validation.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TaskResult} as it travels: its last message is the task's status message, the ones
 * before it are history, its error stands in the status message's metadata and, where the message
 * says nothing else, in its text.
 */
public final class WireResults {
  private static final String ERROR_KEY = "error";

  private WireResults() {}

  /** The state that a result leaves its task in. */
  public static TaskState state(TaskResult.Status status) {
    return switch (status) {
      case COMPLETED, REPLIED -> TaskState.TASK_STATE_COMPLETED;
      case FAILED -> TaskState.TASK_STATE_FAILED;
      case REJECTED -> TaskState.TASK_STATE_REJECTED;
      case INPUT_REQUIRED -> TaskState.TASK_STATE_INPUT_REQUIRED;
    };
  }

  /**
   * All messages, the status message last; empty when the result says nothing.
   *
   * @param ids what the messages' ids begin with
   */
  public static List<Message> messages(
      TaskResult result, String taskId, String contextId, String ids, JsonForm form) {
    List<Message> written = new ArrayList<>();
    String error = result.error();
    List<TaskResult.Message> messages = new ArrayList<>();
    for (TaskResult.Message message : result.messages()) {
      // A message without parts is none in A2A.
      if (!message.parts().isEmpty()) {
        messages.add(message);
      }
    }
    int count = error != null && messages.isEmpty() ? 1 : messages.size();
    for (int i = 0; i < count; i++) {
      Message.Builder message =
          Message.newBuilder()
              .setMessageId(ids + "-" + (i + 1))
              .setTaskId(taskId)
              .setContextId(contextId)
              .setRole(Role.ROLE_AGENT);
      if (i < messages.size()) {
        message.addAllParts(WireParts.write(messages.get(i).parts(), form));
      }
      if (error != null && i == count - 1) {
        if (message.getPartsCount() == 0) {
          message.addParts(WireParts.write(new Part.TextPart(error), form));
        }
        message.setMetadata(
            Struct.newBuilder()
                .putFields(ERROR_KEY, Value.newBuilder().setStringValue(error).build()));
      }
      written.add(message.build());
    }
    return written;
  }

  public static List<Artifact> artifacts(TaskResult result, JsonForm form) {
    List<Artifact> written = new ArrayList<>();
    for (TaskResult.Artifact artifact : result.artifacts()) {
      written.add(
          Artifact.newBuilder()
              .setArtifactId(artifact.name())
              .setName(artifact.name())
              .addAllParts(WireParts.write(artifact.parts(), form))
              .build());
    }
    return written;
  }

  /** The last message of a result, as an answer without a task. */
  public static Message reply(
      TaskResult.Message said, String messageId, String contextId, JsonForm form) {
    return Message.newBuilder()
        .setMessageId(messageId)
        .setContextId(contextId)
        .setRole(Role.ROLE_AGENT)
        .addAllParts(WireParts.write(said.parts(), form))
        .build();
  }

  /** What an agent answered to a message. */
  public static TaskEnd read(SendMessageResponse response) {
    return switch (response.getPayloadCase()) {
      case TASK -> read(response.getTask());
      case MESSAGE ->
          switch (WireParts.read(response.getMessage().getPartsList(), "message.parts")) {
            case Reading.Read<List<Part>>(var parts) ->
                new TaskEnd.Ended(
                    new TaskResult(
                        TaskResult.Status.COMPLETED,
                        List.of(new TaskResult.Message(parts)),
                        List.of(),
                        null));
            case Reading.Unreadable<List<Part>>(var violations) ->
                new TaskEnd.Unreadable(violations);
          };
      case PAYLOAD_NOT_SET ->
          new TaskEnd.Unreadable(
              List.of(new Violation("", "an answer is a task or a message", "neither")));
    };
  }

  /** What a task has come to. */
  public static TaskEnd read(Task task) {
    return switch (task.getStatus().getState()) {
      case TASK_STATE_COMPLETED -> ended(task, TaskResult.Status.COMPLETED);
      case TASK_STATE_FAILED -> ended(task, TaskResult.Status.FAILED);
      case TASK_STATE_REJECTED -> ended(task, TaskResult.Status.REJECTED);
      case TASK_STATE_INPUT_REQUIRED -> ended(task, TaskResult.Status.INPUT_REQUIRED);
      case TASK_STATE_CANCELED,
          TASK_STATE_AUTH_REQUIRED,
          TASK_STATE_SUBMITTED,
          TASK_STATE_WORKING ->
          new TaskEnd.NotEnded(task.getId(), task.getStatus().getState());
      case TASK_STATE_UNSPECIFIED, UNRECOGNIZED ->
          new TaskEnd.Unreadable(
              List.of(new Violation("status.state", "a task has a state", "an unknown one")));
    };
  }

  private static TaskEnd ended(Task task, TaskResult.Status status) {
    List<TaskResult.Message> messages = new ArrayList<>();
    List<TaskResult.Artifact> artifacts = new ArrayList<>();
    List<Violation> violations = new ArrayList<>();
    Message last = task.getStatus().hasMessage() ? task.getStatus().getMessage() : null;
    List<Message> said = new ArrayList<>();
    for (Message message : task.getHistoryList()) {
      boolean again = last != null && message.getMessageId().equals(last.getMessageId());
      if (message.getRole() == Role.ROLE_AGENT && !again) {
        said.add(message);
      }
    }
    if (last != null) {
      said.add(last);
    }
    for (Message message : said) {
      switch (WireParts.read(message.getPartsList(), "message.parts")) {
        case Reading.Read<List<Part>>(var parts) -> messages.add(new TaskResult.Message(parts));
        case Reading.Unreadable<List<Part>>(var found) -> violations.addAll(found);
      }
    }
    for (Artifact artifact : task.getArtifactsList()) {
      String name = artifact.getName().isEmpty() ? artifact.getArtifactId() : artifact.getName();
      switch (WireParts.read(artifact.getPartsList(), "artifacts." + Names.printable(name))) {
        case Reading.Read<List<Part>>(var parts) ->
            artifacts.add(new TaskResult.Artifact(name, parts));
        case Reading.Unreadable<List<Part>>(var found) -> violations.addAll(found);
      }
    }
    return violations.isEmpty()
        ? new TaskEnd.Ended(new TaskResult(status, messages, artifacts, error(status, last)))
        : new TaskEnd.Unreadable(violations);
  }

  private static @Nullable String error(TaskResult.Status status, @Nullable Message last) {
    return switch (status) {
      case COMPLETED, REPLIED, INPUT_REQUIRED -> null;
      case FAILED, REJECTED -> {
        if (last == null) {
          yield "the agent does not say why";
        }
        Value said = last.getMetadata().getFieldsMap().get(ERROR_KEY);
        yield said != null
            ? said.getStringValue()
            : String.join(
                "\n",
                last.getPartsList().stream()
                    .filter(io.agentweave.a2a.v1.Part::hasText)
                    .map(io.agentweave.a2a.v1.Part::getText)
                    .toList());
      }
    };
  }
}
