package io.agentweave.cli;

import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A client that is asked for nothing but whole answers. */
abstract class CalledOnly implements AgentClient {
  @Override
  public final CallOutcome<TaskResult> stream(CallRequest request, Consumer<TaskUpdate> listener) {
    throw new AssertionError("events are not streamed");
  }

  @Override
  public final CallOutcome<TaskResult> follow(
      SpiffeId target,
      String taskId,
      Optional<String> address,
      Duration timeout,
      Consumer<TaskUpdate> listener) {
    throw new AssertionError("no task is followed");
  }

  @Override
  public final CallOutcome<Payload> card(
      SpiffeId target, Optional<String> address, Duration timeout) {
    throw new AssertionError("no card is read");
  }

  @Override
  public final CallOutcome<Payload> task(
      SpiffeId target, String taskId, Optional<String> address, Duration timeout) {
    throw new AssertionError("no task is read");
  }

  @Override
  public final void close() {}
}
