package io.agentweave.pipeline.ingester;

import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentRunner;
import io.agentweave.agent.RunningAgent;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.CallRequest;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.SpiffeId;
import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.pipeline.processor.ProcessorAgent;
import io.agentweave.pipeline.processor.ProcessorConfig;
import io.agentweave.pipeline.storage.StorageAgent;
import io.agentweave.pipeline.storage.StorageConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The three agents in this JVM, made from their own configuration files: real mutual TLS, the
 * project's policies, a durable PostgreSQL. Only identities and addresses are the test's.
 */
final class WholePipeline implements AutoCloseable {
  static final Path ROOT = Path.of(System.getProperty("agentweave.root"));

  private final Path folder;
  private final PipelineIdentities identities;
  private final LocalPostgres postgres;
  private final PipelineOperator operator;
  private @Nullable RunningAgent storage;
  private @Nullable RunningAgent processor;
  private @Nullable RunningAgent ingester;

  WholePipeline(Path folder) throws IOException {
    this.folder = folder;
    this.identities = new PipelineIdentities(folder);
    this.postgres = LocalPostgres.start(Files.createDirectories(folder.resolve("postgres")));
    this.operator = new PipelineOperator(identities);
    startStorage();
    startProcessor();
    ingester = start("ingester", IngesterConfig.class, IngesterAgent::new, "processor", processor);
  }

  void startStorage() {
    storage = start("storage", StorageConfig.class, StorageAgent::new, "", null);
  }

  void stopStorage() {
    close(storage);
  }

  private void startProcessor() {
    processor = start("processor", ProcessorConfig.class, ProcessorAgent::new, "storage", storage);
  }

  RunningAgent ingester() {
    return running(ingester);
  }

  RunningAgent processor() {
    return running(processor);
  }

  RunningAgent storage() {
    return running(storage);
  }

  LocalPostgres postgres() {
    return postgres;
  }

  Path warehouse() {
    return folder.resolve("warehouse");
  }

  /** As the operator. */
  CallOutcome<TaskResult> call(RunningAgent agent, String capability, Payload payload) {
    return operator
        .client()
        .call(
            CallRequest.of(agent.spiffeId(), capability, payload, Duration.ofMinutes(2))
                .at("127.0.0.1:" + agent.port()));
  }

  long count(String sql) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private <C extends Record> RunningAgent start(
      String name,
      Class<C> own,
      Function<C, SecureAgent> agent,
      String next,
      @Nullable RunningAgent nextAgent) {
    Path file = folder.resolve(name + ".yaml");
    try {
      Files.writeString(file, yaml(name, next, nextAgent));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return switch (AgentConfigFile.read(file, Map.of(), own)) {
      case ConfigReading.Invalid<C> invalid -> throw new AssertionError(invalid.report());
      case ConfigReading.Loaded<C>(var config, var service) ->
          AgentRunner.start(config, agent.apply(service));
    };
  }

  private String yaml(String name, String next, @Nullable RunningAgent nextAgent)
      throws IOException {
    String own = Files.readString(ROOT.resolve(name).resolve("config").resolve(name + ".yaml"));
    String capabilities = own.substring(own.indexOf("  capabilities:"), own.indexOf("identity:"));
    String discovery =
        nextAgent == null
            ? ""
            : "discovery: {static: {\"%s\": \"127.0.0.1:%d\"}}%n"
                .formatted(
                    SpiffeId.parse("spiffe://agentweave.io/agent/" + next), nextAgent.port());
    String database =
        name.equals("ingester")
            ? ""
            : "database: {url: \"%s\", user: %s, password_file: %s}%n"
                .formatted(postgres.jdbcUrl(), LocalPostgres.USER, postgres.passwordFile());
    String more =
        switch (name) {
          case "storage" ->
              "warehouse: {directory: %s, flush_seconds: 0.1}%n".formatted(warehouse());
          case "processor" ->
              "users: {seed_file: %s}%n".formatted(ROOT.resolve("samples/users.csv"));
          default -> "";
        };
    return """
    agent:
      name: %s
      trust_domain: agentweave.io
      environment: development
      data_directory: %s
    %s
    identity: %s
    authorization:
      provider: opa-embedded
      bundle: %s
      policy_path: pipeline/authz/%s
      timeout_ms: 60000
    server: {host: 127.0.0.1, port: 0, graceful_shutdown_seconds: 5}
    transport:
      retry: {max_attempts: 2, base_delay_seconds: 0.01, max_delay_seconds: 0.05}
      circuit_breaker: {failure_threshold: 50, recovery_timeout_seconds: 0.2}
    observability:
      metrics: {host: 127.0.0.1, port: 0}
      tracing: {enabled: false}
    %s%s%s
    """
        .formatted(
            name,
            folder.resolve(name),
            capabilities,
            identities.section("agent/" + name),
            ROOT.resolve("policies"),
            name,
            discovery,
            database,
            more);
  }

  private static RunningAgent running(@Nullable RunningAgent agent) {
    if (agent == null) {
      throw new IllegalStateException("not started");
    }
    return agent;
  }

  private static void close(@Nullable RunningAgent agent) {
    if (agent != null) {
      agent.close();
    }
  }

  @Override
  public void close() {
    close(ingester);
    close(processor);
    close(storage);
    operator.close();
    postgres.close();
  }
}
