package io.agentweave.pipeline.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Counts by hour, type and tier, and tells who listens on the channel {@code events_counted} that
 * there is something new. Each event counts once: the counts change in the transaction that takes
 * it out of the outbox.
 */
final class Analytics implements Destination {

  @Override
  public Name name() {
    return Name.ANALYTICS;
  }

  @Override
  public boolean endsWithTransaction() {
    return true;
  }

  @Override
  public void take(Connection connection, long batch, List<String> eventIds) throws SQLException {
    try (PreparedStatement upsert =
            connection.prepareStatement(
                """
                insert into event_counts as counts (day, hour, type, user_tier, events)
                select ("timestamp" at time zone 'UTC')::date as day, hour, type, user_tier, count(*)
                from events where id = any(?)
                group by 1, 2, 3, 4 order by 1, 2, 3, 4
                on conflict (day, hour, type, user_tier)
                do update set events = counts.events + excluded.events
                """);
        PreparedStatement notify =
            connection.prepareStatement("select pg_notify('events_counted', ?)")) {
      upsert.setArray(1, Outbox.ids(connection, eventIds));
      upsert.executeUpdate();
      notify.setString(1, String.valueOf(eventIds.size()));
      notify.execute();
    }
  }
}
