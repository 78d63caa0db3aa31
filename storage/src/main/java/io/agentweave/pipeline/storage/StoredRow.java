package io.agentweave.pipeline.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** An event as the table has it, on its way to the warehouse. */
record StoredRow(
    String id,
    String type,
    OffsetDateTime timestamp,
    String userId,
    @Nullable String userName,
    String userTier,
    String properties,
    String source,
    String dayOfWeek,
    int hour,
    String version) {

  static final String COLUMNS =
      """
      id, type, "timestamp", user_id, user_name, user_tier, properties, source, day_of_week, hour,
      version
      """;

  static StoredRow of(ResultSet row) throws SQLException {
    return new StoredRow(
        row.getString(1),
        row.getString(2),
        row.getObject(3, OffsetDateTime.class),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getInt(10),
        row.getString(11));
  }

  /** The day in UTC, by which the warehouse is partitioned. */
  LocalDate day() {
    return timestamp.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
  }

  long epochMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, timestamp.toInstant());
  }
}
