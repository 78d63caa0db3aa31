package io.agentweave.agent;

import io.agentweave.config.AgentConfig;
import java.util.function.Function;
import java.util.function.Supplier;

/** Starts agents and stops them in an orderly way. */
@SuppressWarnings("DoNotCallSuggester")
public final class AgentRunner {
  private AgentRunner() {}

  /**
   * Runs an agent as this process until it is told to stop: the whole of a service's {@code main}.
   *
   * <p>The configuration is the file named by {@code --config FILE}, by {@code AGENTWEAVE_CONFIG},
   * or {@code ./agentweave.yaml}. A wrong one is reported with all that is wrong in it, and ends
   * the process with code 2; any other failure to start ends it with code 1 and one clear line.
   * SIGTERM and SIGINT stop the agent in order.
   *
   * @param own the service's own configuration: a record bound from the same file
   * @param agent makes the agent of it
   */
  public static <C extends Record> void main(
      String[] args, Class<C> own, Function<C, SecureAgent> agent) {
    throw new UnsupportedOperationException();
  }

  /** The same for an agent without configuration of its own. */
  public static void main(String[] args, Supplier<SecureAgent> agent) {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts an agent inside this process.
   *
   * @throws AgentStartException when it cannot start; what it had opened is closed again
   */
  public static RunningAgent start(AgentConfig config, SecureAgent agent) {
    return start(config, agent, AgentParts.fromConfiguration());
  }

  /**
   * Starts an agent inside this process, with some of its parts given.
   *
   * @throws AgentStartException when it cannot start; what it had opened is closed again
   */
  public static RunningAgent start(AgentConfig config, SecureAgent agent, AgentParts parts) {
    throw new UnsupportedOperationException();
  }
}
