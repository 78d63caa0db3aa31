package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.StorageBench.event;
import static io.agentweave.pipeline.storage.StorageBench.noneUnfit;
import static io.agentweave.pipeline.storage.StorageBench.provenance;
import static io.agentweave.pipeline.storage.StorageBench.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseGoneTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void databaseThatIsKilled_refusesAndIsFoundAgainWithAllItAcknowledged() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start(folder);
        Database database = StorageBench.open(postgres)) {
      EventStore store = new EventStore(database);
      store.store(List.of(event("before")), provenance(), noneUnfit());
      // On a busy machine it may be back before it is missed: then it is killed again.
      await()
          .untilAsserted(
              () -> {
                postgres
                    .server()
                    .process()
                    .flatMap(process -> ProcessHandle.of(process.pid()))
                    .ifPresent(DatabaseGoneTest::kill);
                assertThatThrownBy(
                        () -> store.store(List.of(event("now")), provenance(), noneUnfit()))
                    .isInstanceOf(DatabaseException.Unavailable.class);
              });
      await()
          .ignoreExceptionsInstanceOf(DatabaseException.Unavailable.class)
          .untilAsserted(
              () ->
                  assertThat(
                          statuses(
                              store.store(
                                  List.of(event("before"), event("after")),
                                  provenance(),
                                  noneUnfit())))
                      .first()
                      .isEqualTo("duplicate duplicate"));
    }
  }

  private static void kill(ProcessHandle server) {
    server.destroyForcibly();
    server.onExit().join();
  }
}
