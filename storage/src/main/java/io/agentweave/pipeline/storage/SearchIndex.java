package io.agentweave.pipeline.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * The full text of each event: its type, source, user, and everything in its properties. Not its
 * id, which the table of events finds faster: seven words that no other event has would cost the
 * index as much as all the others.
 */
final class SearchIndex implements Destination {

  @Override
  public Name name() {
    return Name.SEARCH;
  }

  @Override
  public void take(Connection connection, long batch, List<String> eventIds) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into event_search (event_id, document)
            select id,
              to_tsvector('simple', concat_ws(' ', type, source, user_id, user_name))
                || json_to_tsvector('simple', properties, '["all"]')
            from events where id = any(?)
            on conflict (event_id) do nothing
            """)) {
      insert.setArray(1, Outbox.ids(connection, eventIds));
      insert.executeUpdate();
    }
  }
}
