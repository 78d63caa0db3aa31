package io.agentweave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.Payload;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.deadletter.DeadLetters;
import io.agentweave.deadletter.PostgresDeadLetterQueue;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** Dead letters in the real PostgreSQL. */
class PostgresTest {
  private static final int PORT = 5432;

  @Test
  void deadLetter_outlivesThatPostgresIsKilled() {
    try (GenericContainer<?> postgres =
        Parts.of("postgres")
            .withEnv("POSTGRES_DB", "events")
            .withEnv("POSTGRES_USER", "pipeline")
            .withEnv("POSTGRES_PASSWORD", "only-for-this-test")
            .withExposedPorts(PORT)
            .waitingFor(Wait.forListeningPort().withStartupTimeout(Parts.START))) {
      postgres.start();
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl("jdbc:postgresql://localhost:" + postgres.getMappedPort(PORT) + "/events");
      source.setUser("pipeline");
      source.setPassword("only-for-this-test");
      source.setConnectTimeout(60);
      await().ignoreExceptions().until(() -> source.getConnection().isValid(60));
      DeadLetter letter = letter();
      try (DeadLetterQueue queue = PostgresDeadLetterQueue.open(source, "ingester")) {
        queue.add(letter);
      }

      String id = postgres.getContainerId();
      postgres.getDockerClient().killContainerCmd(id).withSignal("KILL").exec();
      postgres.getDockerClient().waitContainerCmd(id).start().awaitStatusCode();
      postgres.getDockerClient().startContainerCmd(id).exec();
      source.setUrl("jdbc:postgresql://localhost:" + port(postgres) + "/events");
      await().ignoreExceptions().until(() -> source.getConnection().isValid(60));

      try (DeadLetterQueue queue = PostgresDeadLetterQueue.open(source, "ingester")) {
        assertThat(queue.find(letter.id())).get().usingRecursiveComparison().isEqualTo(letter);
        assertThat(queue.list(Optional.of(DeadLetter.Status.OPEN), 10))
            .usingRecursiveFieldByFieldElementComparator()
            .containsExactly(letter);
      }
    }
  }

  /** A container that is started again has another published port. */
  private static String port(GenericContainer<?> postgres) {
    return postgres
        .getDockerClient()
        .inspectContainerCmd(postgres.getContainerId())
        .exec()
        .getNetworkSettings()
        .getPorts()
        .getBindings()
        .values()
        .iterator()
        .next()[0]
        .getHostPortSpec();
  }

  private static DeadLetter letter() {
    return new DeadLetters(InstantSource.system())
        .letter(
            Payload.ofJson("{\"event_id\":\"\\u0000 and 9007199254740993\"}"),
            "validate",
            "invalid",
            "user_id: is required",
            new DeadLetter.Origin(
                "ingester",
                "ingest_event",
                "spiffe://agentweave.io/operator/cli",
                "1",
                "req-1",
                "decision-1",
                "revision-1",
                null));
  }
}
