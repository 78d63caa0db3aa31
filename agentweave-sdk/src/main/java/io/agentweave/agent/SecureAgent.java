package io.agentweave.agent;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.validation.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of an agent: write public methods, annotate them with {@link Capability} and {@link
 * RequiresPeer}, and give an instance to {@link AgentRunner}. Handlers run concurrently, each on a
 * virtual thread of its own, so fields have to be safe for use by many threads.
 */
public abstract class SecureAgent {
  private final Logger logger = LoggerFactory.getLogger(getClass());
  private volatile @Nullable AgentSurroundings surroundings;

  /** Who this agent is. */
  public final SpiffeId spiffeId() {
    return surroundings().spiffeId();
  }

  protected final Logger logger() {
    return logger;
  }

  protected final Telemetry telemetry() {
    return surroundings().telemetry();
  }

  /** The agent's own dead letters. */
  protected final DeadLetterQueue deadLetters() {
    return surroundings().deadLetters();
  }

  /**
   * Runs a capability of another agent and waits for its end.
   *
   * @param payload a {@link Payload}, or anything that JSON can say: a record, a map
   * @throws AgentCallException when no answer came; a failed task is an answer
   */
  protected final TaskResult call(
      SpiffeId target, String capability, Object payload, Duration timeout) {
    Payload json = payload instanceof Payload p ? p : Payload.ofJson(Json.write(payload));
    CallOutcome<TaskResult> outcome =
        surroundings().client().call(target, capability, json, timeout);
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(var reply, var completed) -> reply;
      case CallOutcome.Refused<TaskResult>(var refusal) -> throw new AgentCallException(refusal);
    };
  }

  /** Runs once before the first call is let in. What it throws stops the start. */
  protected void onStart() {}

  /** Runs once after the last call has ended. */
  protected void onStop() {}

  final void enter(AgentSurroundings given) {
    surroundings = given;
  }

  private AgentSurroundings surroundings() {
    AgentSurroundings given = surroundings;
    if (given == null) {
      throw new IllegalStateException("the agent has not been started");
    }
    return given;
  }

  /** What an agent finds around it once it runs. */
  record AgentSurroundings(
      SpiffeId spiffeId, Telemetry telemetry, DeadLetterQueue deadLetters, AgentClient client) {}
}
