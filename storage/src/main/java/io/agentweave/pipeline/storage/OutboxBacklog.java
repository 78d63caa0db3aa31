package io.agentweave.pipeline.storage;

import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import io.agentweave.telemetry.Telemetry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How much is on its way. Looked up at most once a second, however many ask. */
final class OutboxBacklog {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Database database;
  private Map<Destination.Name, Waiting> last = Map.of();
  private Instant looked = Instant.MIN;

  OutboxBacklog(Database database) {
    this.database = database;
  }

  /**
   * What is on its way to one destination.
   *
   * @param events how many
   * @param lagSeconds age of the oldest; 0 when there is none
   */
  record Waiting(long events, double lagSeconds) {}

  /** Shows the backlog as gauges; NaN while the database is away. */
  void gauge(Telemetry telemetry) {
    for (Destination.Name name : Destination.Name.values()) {
      telemetry.gauge(StorageMeter.OUTBOX_EVENTS, () -> orNaN(name).events(), name.word());
      telemetry.gauge(StorageMeter.OUTBOX_LAG, () -> orNaN(name).lagSeconds(), name.word());
    }
  }

  /** Throws {@link DatabaseException} when the database is away. */
  synchronized Map<Destination.Name, Waiting> now() {
    if (looked.plus(FRESH).isBefore(Instant.now())) {
      last = look();
      looked = Instant.now();
    }
    return last;
  }

  private Waiting orNaN(Destination.Name name) {
    try {
      return now().getOrDefault(name, new Waiting(0, 0));
    } catch (DatabaseException e) {
      return new Waiting(-1, Double.NaN);
    }
  }

  private Map<Destination.Name, Waiting> look() {
    return database.transaction(
        connection -> {
          Map<Destination.Name, Waiting> waiting = new EnumMap<>(Destination.Name.class);
          for (Destination.Name name : Destination.Name.values()) {
            waiting.put(name, new Waiting(0, 0));
          }
          try (PreparedStatement query =
                  connection.prepareStatement(
                      """
                      select destination, sum(cardinality(event_ids)),
                        extract(epoch from now() - min(queued_at))
                      from outbox group by destination
                      """);
              ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              waiting.put(
                  Destination.Name.valueOf(rows.getString(1).toUpperCase(Locale.ROOT)),
                  new Waiting(rows.getLong(2), rows.getDouble(3)));
            }
          }
          return waiting;
        });
  }
}
