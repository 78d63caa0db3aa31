package io.agentweave.client;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;

/**
 * Calls other agents, each call through the outbound chain: audit, trace and metrics, deadline and
 * retries, policy, address, and TLS that accepts only the target. Safe for use by many threads;
 * blocks, so not for event-loop threads.
 */
public interface AgentClient extends AutoCloseable {

  /**
   * Runs a capability of another agent and waits for its end.
   *
   * @param timeout capped by what is left of the deadline of the inbound call that this thread
   *     serves, if it serves one
   */
  CallOutcome<TaskResult> call(
      SpiffeId target, String capability, Payload payload, Duration timeout);

  @Override
  void close();
}
