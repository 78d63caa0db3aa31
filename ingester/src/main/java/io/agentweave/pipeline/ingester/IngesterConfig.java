package io.agentweave.pipeline.ingester;

import io.agentweave.config.Default;
import io.agentweave.config.Key;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** The ingester agent's own section of its configuration file; all of it has defaults. */
public record IngesterConfig(Ingester ingester) {

  /**
   * {@code ingester}.
   *
   * @param maxBatchEvents {@code ingester.max_batch_events}: a larger batch is refused
   * @param chunkEvents {@code ingester.chunk_events}: at most so many go to the processor at once
   * @param concurrentCalls {@code ingester.concurrent_calls}: so many calls to the processor run at
   *     a time, of all batches together
   * @param call {@code ingester.call_seconds}: how long the processor may take
   * @param knownIds {@code ingester.known_ids}: so many ids of stored events are remembered
   * @param rate {@code ingester.events_per_second_per_source}; a second's worth may come at once
   * @param sources {@code ingester.sources}: so many sources are told apart at a time
   */
  public record Ingester(
      @Default("1000") @Min(1) @Max(10_000) int maxBatchEvents,
      @Default("1000") @Min(1) @Max(1000) int chunkEvents,
      @Default("4") @Min(1) @Max(1000) int concurrentCalls,
      @Default("30") Duration call,
      @Default("50000") @Min(1) @Max(10_000_000) int knownIds,
      @Key("events_per_second_per_source") @Default("50000") @Min(1) @Max(10_000_000) int rate,
      @Default("10000") @Min(1) @Max(1_000_000) int sources) {}
}
