package io.agentweave.pipeline.processor;

import io.agentweave.config.Default;
import io.agentweave.pipeline.database.DatabaseSection;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The processor agent's own sections of its configuration file. */
public record ProcessorConfig(DatabaseSection database, Users users, Rules rules) {

  /**
   * {@code users}: the user directory.
   *
   * @param seedFile {@code users.seed_file}: CSV of id, name, tier, is_test that fills the
   *     directory when it is empty
   * @param cacheSize {@code users.cache_size}: at most so many users in memory
   * @param known {@code users.known_seconds}: how long a user is remembered
   * @param unknown {@code users.unknown_seconds}: how long it is remembered that there is none
   */
  public record Users(
      Optional<Path> seedFile,
      @Default("10000") @Min(1) @Max(1_000_000) int cacheSize,
      @Default("300") Duration known,
      @Default("15") Duration unknown) {}

  /**
   * {@code rules}: which events are left out.
   *
   * @param skipTestUsers {@code rules.skip_test_users}
   * @param skippedTypes {@code rules.skipped_types}
   * @param sampleRate {@code rules.sample_rate}: the share of events to keep, 0 to 1; the same
   *     event always falls the same way
   */
  public record Rules(
      @Default("true") boolean skipTestUsers,
      @Default("[heartbeat, debug]") List<@NotBlank String> skippedTypes,
      @Default("1.0") @DecimalMin("0") @DecimalMax("1") double sampleRate) {}
}
