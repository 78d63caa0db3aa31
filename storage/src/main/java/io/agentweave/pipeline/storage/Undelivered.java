package io.agentweave.pipeline.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Events that a destination would not take. Storing such an event once more queues it again. */
final class Undelivered {
  private Undelivered() {}

  static void add(Connection connection, Destination.Name destination, String eventId)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into undelivered (event_id, destination)
            select id, ? from events where id = ? on conflict do nothing
            """)) {
      insert.setString(1, destination.word());
      insert.setString(2, eventId);
      insert.executeUpdate();
    }
  }

  /** Takes out what is to be tried again. */
  static Map<Destination.Name, List<String>> take(
      Connection connection, Collection<String> eventIds) throws SQLException {
    Map<Destination.Name, List<String>> taken = new EnumMap<>(Destination.Name.class);
    try (PreparedStatement delete =
        connection.prepareStatement(
            "delete from undelivered where event_id = any(?) returning destination, event_id")) {
      delete.setArray(1, Outbox.ids(connection, eventIds));
      try (ResultSet rows = delete.executeQuery()) {
        while (rows.next()) {
          taken
              .computeIfAbsent(name(rows.getString(1)), any -> new ArrayList<>())
              .add(rows.getString(2));
        }
      }
    }
    return taken;
  }

  private static Destination.Name name(String word) {
    return Destination.Name.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
