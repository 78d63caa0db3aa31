package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.StorageBench.count;
import static io.agentweave.pipeline.storage.StorageBench.event;
import static io.agentweave.pipeline.storage.StorageBench.noneUnfit;
import static io.agentweave.pipeline.storage.StorageBench.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.pipeline.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OutboxWorkerTest {
  private final Database database = StorageBench.empty();
  private final EventStore store = new EventStore(database);

  private Delivery delivery(Destination destination) {
    return new Delivery(
        database,
        destination,
        StorageBench.OUTBOX,
        StorageBench.TELEMETRY,
        (id, to, attempts, from) -> {
          throw new AssertionError(id);
        });
  }

  @Test
  void destinationThatCanNotBeReached_costsNoAttempts() {
    AtomicInteger tries = new AtomicInteger();
    Destination away =
        new Destination() {
          @Override
          public Name name() {
            return Name.WAREHOUSE;
          }

          @Override
          public boolean endsWithTransaction() {
            return false;
          }

          @Override
          public void take(Connection connection, long batch, List<String> ids) {
            if (tries.incrementAndGet() < 5) {
              throw new UncheckedIOException(new IOException("no space left"));
            }
          }
        };
    try (OutboxWorker worker = OutboxWorker.start(delivery(away), Duration.ZERO)) {
      store.store(List.of(event("a")), provenance(), noneUnfit());
      worker.wake();
      await()
          .until(() -> count("select count(*) from outbox where destination = 'warehouse'") == 0);
    }
    assertThat(tries).hasValue(5);
  }

  @Test
  void whatAnotherProcessLeft_isDelivered() {
    store.store(List.of(event("a"), event("b")), provenance(), noneUnfit());
    try (OutboxWorker worker = OutboxWorker.start(delivery(new SearchIndex()), Duration.ZERO)) {
      worker.wake();
      await().until(() -> count("select count(*) from event_search") == 2);
    }
    OutboxBacklog.Waiting search = new OutboxBacklog(database).now().get(Destination.Name.SEARCH);
    OutboxBacklog.Waiting warehouse =
        new OutboxBacklog(database).now().get(Destination.Name.WAREHOUSE);
    assertThat(search).isEqualTo(new OutboxBacklog.Waiting(0, 0));
    assertThat(warehouse).extracting(w -> w == null ? 0 : w.events()).isEqualTo(2L);
  }

  @Test
  void fullBatches_followEachOtherAtOnce() {
    List.of("a", "b", "c")
        .forEach(id -> store.store(List.of(event(id)), provenance(), noneUnfit()));
    Delivery oneByOne =
        new Delivery(
            database,
            new SearchIndex(),
            new StorageConfig.Outbox(1, 2, Duration.ofMillis(1)),
            StorageBench.TELEMETRY,
            (id, to, attempts, from) -> {
              throw new AssertionError(id);
            });
    try (OutboxWorker worker = OutboxWorker.start(oneByOne, Duration.ofHours(1))) {
      worker.wake();
      await().until(() -> count("select count(*) from outbox where destination = 'search'") == 0);
    }
    assertThat(count("select count(*) from search_segments")).isEqualTo(3);
  }

  @Test
  void twoProcesses_deliverEachEventOnce() {
    for (int i = 0; i < 60; i++) {
      store.store(List.of(event("e" + i)), provenance(), noneUnfit());
    }
    try (OutboxWorker one = OutboxWorker.start(delivery(new Analytics()), Duration.ZERO);
        OutboxWorker other = OutboxWorker.start(delivery(new Analytics()), Duration.ZERO)) {
      one.wake();
      other.wake();
      await()
          .until(() -> count("select count(*) from outbox where destination = 'analytics'") == 0);
    }
    assertThat(count("select sum(events) from event_counts")).isEqualTo(60);
  }
}
