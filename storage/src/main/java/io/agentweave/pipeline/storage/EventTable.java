package io.agentweave.pipeline.storage;

import io.agentweave.pipeline.contract.StorableEvent;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The table of events. Its unique key is what makes storing idempotent. All events of a call are
 * one statement, in the order of their ids, so that concurrent batches wait for each other instead
 * of locking each other out.
 */
final class EventTable {
  private static final String GIVEN =
      """
      unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) with ordinality as given(
        id, type, "timestamp", user_id, user_name, user_tier, properties, source, day_of_week,
        hour, version, place)
      """;
  private static final String INSERT =
      """
      insert into events (id, type, "timestamp", user_id, user_name, user_tier, properties, source,
        day_of_week, hour, version)
      select id, type, "timestamp"::timestamptz, user_id, user_name, user_tier, properties::json,
        source, day_of_week, hour, version
      from
      """
          + GIVEN
          + "order by id, place on conflict (id) do nothing returning id";
  private static final String DIFFERING =
      "select given.place from "
          + GIVEN
          + """
          join events on events.id = given.id
          where (events.type, events."timestamp", events.user_id, events.source, events.version)
              is distinct from (given.type, given."timestamp"::timestamptz, given.user_id,
                given.source, given.version)
            or events.properties::jsonb <> given.properties::jsonb
          """;

  private EventTable() {}

  /**
   * Inserts those that are not there yet.
   *
   * @return the ids of these; of two events with the same id, the first one was inserted
   */
  static Set<String> insert(Connection connection, List<StorableEvent> events) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      bind(connection, insert, events);
      Set<String> inserted = HashSet.newHashSet(events.size());
      try (ResultSet rows = insert.executeQuery()) {
        while (rows.next()) {
          inserted.add(rows.getString(1));
        }
      }
      return inserted;
    }
  }

  /**
   * Which of the events are in the table with another content. Enrichment does not count.
   *
   * @return places in the list
   */
  static Set<Integer> differing(Connection connection, List<StorableEvent> events)
      throws SQLException {
    if (events.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement query = connection.prepareStatement(DIFFERING)) {
      bind(connection, query, events);
      Set<Integer> differing = new HashSet<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          differing.add(rows.getInt(1) - 1);
        }
      }
      return differing;
    }
  }

  private static void bind(
      Connection connection, PreparedStatement statement, List<StorableEvent> events)
      throws SQLException {
    statement.setArray(1, text(connection, events, StorableEvent::id));
    statement.setArray(2, text(connection, events, StorableEvent::type));
    statement.setArray(
        3, text(connection, events, e -> e.timestamp().truncatedTo(ChronoUnit.MICROS).toString()));
    statement.setArray(4, text(connection, events, StorableEvent::userId));
    statement.setArray(
        5,
        connection.createArrayOf(
            "text", events.stream().map(e -> e.userName().orElse(null)).toArray(String[]::new)));
    statement.setArray(6, text(connection, events, StorableEvent::userTier));
    statement.setArray(7, text(connection, events, e -> e.properties().text()));
    statement.setArray(8, text(connection, events, StorableEvent::source));
    statement.setArray(9, text(connection, events, StorableEvent::dayOfWeek));
    statement.setArray(
        10, connection.createArrayOf("int4", events.stream().map(StorableEvent::hour).toArray()));
    statement.setArray(11, text(connection, events, StorableEvent::version));
  }

  private static Array text(
      Connection connection, List<StorableEvent> events, Function<StorableEvent, String> member)
      throws SQLException {
    return connection.createArrayOf("text", events.stream().map(member).toArray(String[]::new));
  }
}
