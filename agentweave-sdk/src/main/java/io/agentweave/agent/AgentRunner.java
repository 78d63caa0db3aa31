package io.agentweave.agent;

import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.IdentitySources;
import io.agentweave.telemetry.Logging;
import io.agentweave.validation.Constraints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts agents and stops them in an orderly way. */
public final class AgentRunner {
  private static final int CANNOT_START = 1;
  private static final int WRONG_CONFIGURATION = 2;

  /** By then whoever waited for the agent has been served; only bad calls need the validator. */
  private static final Duration STARTED = Duration.ofSeconds(5);

  private AgentRunner() {}

  /**
   * Runs an agent as this process until it is told to stop: the whole of a service's {@code main}.
   *
   * <p>The configuration is the file named by {@code --config FILE}, by {@code AGENTWEAVE_CONFIG},
   * or {@code ./agentweave.yaml}. A wrong one is reported with all that is wrong in it, and ends
   * the process with code 2; any other failure to start ends it with code 1 and one clear line.
   * SIGTERM and SIGINT stop the agent in order; further ones change nothing.
   *
   * @param own the service's own configuration: a record bound from the same file
   * @param agent makes the agent of it
   */
  public static <C extends Record> void main(
      String[] args, Class<C> own, Function<C, SecureAgent> agent) {
    IdentitySources.warmUp();
    switch (CommandLine.read(args, System.getenv())) {
      case CommandLine.Wrong(String message) -> exit(WRONG_CONFIGURATION, message);
      case CommandLine.Run(Path file) -> {
        switch (AgentConfigFile.read(file, System.getenv(), own)) {
          case ConfigReading.Invalid<C> invalid -> exit(WRONG_CONFIGURATION, invalid.report());
          case ConfigReading.Loaded<C>(AgentConfig config, C service) ->
              run(config, () -> agent.apply(service));
        }
      }
    }
  }

  /** The same for an agent without configuration of its own. */
  public static void main(String[] args, Supplier<SecureAgent> agent) {
    main(args, AgentConfigFile.NoServiceSections.class, nothing -> agent.get());
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
    return Startup.run(config, agent, parts);
  }

  private static void run(AgentConfig config, Supplier<SecureAgent> agent) {
    Logging.start(config.observability().logging(), config.agent().name());
    Logger log = LoggerFactory.getLogger(AgentRunner.class);
    long start = System.nanoTime();
    RunningAgent running;
    try {
      running = start(config, agent.get());
    } catch (AgentStartException e) {
      log.debug("cannot start", e);
      exit(e.configuration() ? WRONG_CONFIGURATION : CANNOT_START, String.join("\n", e.reasons()));
      return;
    } catch (RuntimeException e) {
      log.error("cannot start", e);
      exit(CANNOT_START, config.agent().name() + ": cannot start: " + e);
      return;
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(running::close, config.agent().name() + "-stop"));
    log.info(
        "{} serves on port {} after {} ms",
        running.spiffeId(),
        running.port(),
        (System.nanoTime() - start) / 1_000_000);
    waitForTheEnd(log);
  }

  /** The agent's own threads are daemons; the process lives as long as this one. */
  private static void waitForTheEnd(Logger log) {
    try {
      Thread.sleep(STARTED);
      warmUp(log);
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void warmUp(Logger log) {
    try {
      Constraints.warmUp();
    } catch (RuntimeException e) {
      log.warn("the validator does not start: calls that break a rule will fail", e);
    }
  }

  private static void exit(int code, String message) {
    System.err.println(message);
    System.exit(code);
  }
}
