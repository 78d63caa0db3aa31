package io.agentweave.server;

import io.agentweave.a2a.JsonForm;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.WireParts;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.StreamResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Updates of a running task: into the task, and to the caller that streams it, in one order. */
final class LiveUpdates implements TaskUpdates {
  private final ServedTask task;
  private final Optional<Exchange> stream;
  private final JsonForm form;
  private final ReentrantLock order = new ReentrantLock();
  private int messages;

  /**
   * @param form of JSON in what is shown
   * @param stream where the caller listens, if it does
   */
  LiveUpdates(ServedTask task, JsonForm form, Optional<Exchange> stream) {
    this.task = task;
    this.form = form;
    this.stream = stream;
  }

  @Override
  public void status(List<Part> message) {
    send(() -> task.say(message.isEmpty() ? Optional.empty() : Optional.of(said(message))));
  }

  private Message said(List<Part> parts) {
    return Message.newBuilder()
        .setMessageId(task.messageIds() + "-update-" + ++messages)
        .setTaskId(task.id())
        .setContextId(task.contextId())
        .setRole(Role.ROLE_AGENT)
        .addAllParts(WireParts.write(parts, form))
        .build();
  }

  @Override
  public void artifact(String name, List<Part> parts, boolean append, boolean last) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an artifact has a name");
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          "artifact " + name + " gets no parts; say that it is whole together with its last ones");
    }
    send(
        () ->
            task.add(
                Artifact.newBuilder()
                    .setArtifactId(name)
                    .setName(name)
                    .addAllParts(WireParts.write(parts, form))
                    .build(),
                append,
                last));
  }

  private void send(Supplier<Optional<StreamResponse>> change) {
    order.lock();
    try {
      Optional<StreamResponse> event = change.get();
      if (event.isPresent() && stream.isPresent()) {
        stream.get().stream(event.get());
      }
    } catch (InterruptedException e) {
      // The handler finds out by its next blocking call.
      Thread.currentThread().interrupt();
    } finally {
      order.unlock();
    }
  }
}
