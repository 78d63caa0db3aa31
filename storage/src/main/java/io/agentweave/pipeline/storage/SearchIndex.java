package io.agentweave.pipeline.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The words of each event: of its type, source, user, and everything in its properties. Not of its
 * id, which the table of events finds faster. Some hundred events are one row, because what an
 * index costs is new words and not events.
 */
final class SearchIndex implements Destination {
  /** Rows in memory at a time: of the largest events, six megabytes. */
  private static final int FETCH = 50;

  private static final String INSERT =
      "insert into search_segments (event_ids, words) values (?, ?::tsvector)";

  @Override
  public Name name() {
    return Name.SEARCH;
  }

  @Override
  public boolean endsWithTransaction() {
    return true;
  }

  @Override
  public void take(Connection connection, long batch, List<String> eventIds) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                "select " + StoredRow.COLUMNS + "from events where id = any(?)");
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      query.setArray(1, Outbox.ids(connection, eventIds));
      query.setFetchSize(FETCH);
      SearchSegment segment = new SearchSegment();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          if (segment.isFull()) {
            put(connection, insert, segment);
            segment = new SearchSegment();
          }
          segment.add(StoredRow.of(rows));
        }
      }
      if (!segment.isEmpty()) {
        put(connection, insert, segment);
      }
    }
  }

  private static void put(Connection connection, PreparedStatement insert, SearchSegment segment)
      throws SQLException {
    insert.setArray(1, Outbox.ids(connection, segment.eventIds()));
    insert.setString(2, segment.literal());
    insert.executeUpdate();
  }
}
