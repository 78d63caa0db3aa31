package io.agentweave.pipeline.storage;

import io.agentweave.config.Default;
import io.agentweave.pipeline.database.DatabaseSection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;

/** The storage agent's own sections of its configuration file. */
public record StorageConfig(DatabaseSection database, Warehouse warehouse, Outbox outbox) {

  /**
   * {@code warehouse}: where the Parquet files are.
   *
   * @param directory {@code warehouse.directory}
   * @param flush {@code warehouse.flush_seconds}: shortest time from one batch of files to the
   *     next, unless a whole batch waits
   */
  public record Warehouse(
      @Default("/var/lib/agentweave/warehouse") Path directory, @Default("1") Duration flush) {}

  /**
   * {@code outbox}: how events reach warehouse, search and analytics.
   *
   * @param batchEvents {@code outbox.batch_events}: about so many events at once
   * @param attempts {@code outbox.attempts}: after so many refusals an event is a dead letter
   * @param retry {@code outbox.retry_seconds}: pause after the first refusal; doubles each time
   */
  public record Outbox(
      @Default("5000") @Min(1) @Max(50_000) int batchEvents,
      @Default("5") @Min(1) @Max(100) int attempts,
      @Default("1") Duration retry) {}
}
