package io.agentweave.pipeline.storage;

import io.agentweave.pipeline.database.Database;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;

/** The workers of all destinations, one each. */
final class OutboxWorkers implements AutoCloseable {
  /** Lets single events gather, so that each batch is worth its transactions. */
  private static final Duration GATHER = Duration.ofMillis(200);

  private final List<OutboxWorker> workers;

  private OutboxWorkers(List<OutboxWorker> workers) {
    this.workers = workers;
  }

  static OutboxWorkers start(
      StorageConfig config, Database database, Telemetry telemetry, Delivery.LastResort letters) {
    List<Destination> destinations =
        List.of(new Warehouse(config.warehouse().directory()), new SearchIndex(), new Analytics());
    return new OutboxWorkers(
        destinations.stream()
            .map(to -> new Delivery(database, to, config.outbox(), telemetry, letters))
            .map(delivery -> OutboxWorker.start(delivery, between(delivery, config)))
            .toList());
  }

  private static Duration between(Delivery delivery, StorageConfig config) {
    return delivery.name() == Destination.Name.WAREHOUSE ? config.warehouse().flush() : GATHER;
  }

  void wake() {
    workers.forEach(OutboxWorker::wake);
  }

  @Override
  public void close() {
    workers.forEach(OutboxWorker::close);
  }
}
