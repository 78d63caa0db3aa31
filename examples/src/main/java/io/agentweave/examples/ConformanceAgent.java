package io.agentweave.examples;

import com.google.protobuf.ByteString;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentRunner;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RequestContext;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.Payload;
import io.agentweave.server.TaskUpdates;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Behaves as the message's id begins, in the way that the public conformance kit of A2A expects
 * from the agent it drives.
 */
public final class ConformanceAgent extends SecureAgent {
  private static final long HOLD_SECONDS = 4;

  /** Answers text with what the message's id asks for. */
  @Capability("converse")
  public TaskResult converse(String text, RequestContext context, TaskUpdates updates)
      throws InterruptedException {
    String id = context.messageId();
    int behaviour = id.indexOf('-', id.indexOf('-') + 1);
    String prefix = behaviour < 0 ? id : id.substring(0, behaviour);
    return switch (prefix) {
      case "tck-artifact" -> artifact(id);
      case "tck-message" -> TaskResult.replied(new Part.TextPart("Direct message response"));
      case "tck-stream" -> streamed(id, updates);
      case "tck-input" -> askOnce(text);
      case "tck-reject" -> TaskResult.rejected("rejected");
      case "test-resubscribe" -> hold(updates);
      default -> TaskResult.completed(new Part.TextPart("Hello from TCK"));
    };
  }

  private static TaskResult artifact(String id) {
    if (id.startsWith("tck-artifact-file-url")) {
      return completed(
          new Part.LinkPart("output.txt", "text/plain", "https://example.com/output.txt"));
    }
    if (id.startsWith("tck-artifact-file")) {
      return completed(file());
    }
    return id.startsWith("tck-artifact-data")
        ? completed(new Part.DataPart(Payload.ofJson("{\"key\":\"value\",\"count\":42}")))
        : completed(new Part.TextPart("Generated text content"));
  }

  private static TaskResult streamed(String id, TaskUpdates updates) {
    if (id.startsWith("tck-stream-002")) {
      return new TaskResult(TaskResult.Status.COMPLETED, List.of(), List.of(), null);
    }
    updates.status(List.of());
    if (id.startsWith("tck-stream-artifact-chunked")) {
      updates.artifact("chunked", List.of(new Part.TextPart("chunk-1 ")), false, false);
      updates.artifact("chunked", List.of(new Part.TextPart("chunk-2")), true, true);
      return new TaskResult(TaskResult.Status.COMPLETED, List.of(), List.of(), null);
    }
    if (id.startsWith("tck-stream-artifact-file")) {
      return completed(file());
    }
    if (id.startsWith("tck-stream-artifact-text")) {
      return completed(new Part.TextPart("Streamed text content"));
    }
    if (id.startsWith("tck-stream-ordering-001")) {
      return completed(new Part.TextPart("Ordered output"));
    }
    return completed(
        new Part.TextPart(
            id.startsWith("tck-stream-003") ? "Stream task lifecycle" : "Stream hello from TCK"));
  }

  private static TaskResult askOnce(String text) {
    return text.contains("answer")
        ? TaskResult.completed(new Part.TextPart("Thanks"))
        : TaskResult.inputRequired(new Part.TextPart("Input required"));
  }

  /** Works long enough to be watched or cancelled. */
  private static TaskResult hold(TaskUpdates updates) throws InterruptedException {
    updates.status(List.of(new Part.TextPart("working")));
    TimeUnit.SECONDS.sleep(HOLD_SECONDS);
    return TaskResult.completed(new Part.TextPart("done"));
  }

  private static TaskResult completed(Part part) {
    return new TaskResult(
        TaskResult.Status.COMPLETED,
        List.of(),
        List.of(new TaskResult.Artifact("output", List.of(part))),
        null);
  }

  private static Part file() {
    return new Part.FilePart("output.txt", "text/plain", ByteString.copyFromUtf8("tck"));
  }

  public static void main(String[] args) {
    AgentRunner.main(args, ConformanceAgent::new);
  }
}
