package io.agentweave.client;

import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Calls other agents, each call through the outbound chain: audit, trace and metrics, deadline and
 * retries, policy, address, and TLS that accepts only the target. Safe for use by many threads;
 * blocks, so not for event-loop threads. Interrupting the thread cancels the call.
 */
public interface AgentClient extends AutoCloseable {

  /** A client of the agent whose identity is among {@code parts}. */
  static AgentClient of(ClientParts parts) {
    return new GrpcAgentClient(parts);
  }

  /** Runs a capability of another agent and waits for its end. */
  CallOutcome<TaskResult> call(CallRequest request);

  /**
   * Runs a capability of another agent and waits for its end.
   *
   * @param timeout capped by what is left of the deadline of the inbound call that this thread
   *     serves, if it serves one
   */
  default CallOutcome<TaskResult> call(
      SpiffeId target, String capability, Payload payload, Duration timeout) {
    return call(CallRequest.of(target, capability, payload, timeout));
  }

  /**
   * Runs a capability of another agent, hears of it while it runs, and waits for its end.
   *
   * @param listener told on this thread; the target waits while it is slow. What it throws cancels
   *     the call and comes out of here
   */
  CallOutcome<TaskResult> stream(CallRequest request, Consumer<TaskUpdate> listener);

  /**
   * Follows a task that this agent created at the target, to its end; the listener as for {@link
   * #stream}.
   */
  CallOutcome<TaskResult> follow(
      SpiffeId target,
      String taskId,
      Optional<String> address,
      Duration timeout,
      Consumer<TaskUpdate> listener);

  /** Reads the target's agent card, as the protocol's JSON. */
  CallOutcome<Payload> card(SpiffeId target, Optional<String> address, Duration timeout);

  /** Reads a task that this agent created at the target, as the protocol's JSON. */
  CallOutcome<Payload> task(
      SpiffeId target, String taskId, Optional<String> address, Duration timeout);

  /** Ends what is under way, waiting a few seconds for it, and closes all connections. */
  @Override
  void close();
}
