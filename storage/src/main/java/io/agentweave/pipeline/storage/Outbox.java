package io.agentweave.pipeline.storage;

import io.agentweave.pipeline.contract.StorableEvent;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The outbox table. Items are taken out as they are found, or gathered into batches in a
 * transaction of their own, so that a batch that was interrupted is the same batch when it is tried
 * again.
 *
 * <p>A table that is empty most of the time has no statistics to plan by: after a vacuum it counts
 * as one without rows for as long as a backlog may last. The statements are such that there is but
 * one good way to run them, which is the cheapest on an empty table, too: rows are found by the
 * index that was made for it, and found again by their place ({@code ctid}), never by a join.
 */
final class Outbox {
  /** The oldest batch that has a name and may be tried now. */
  static final String DUE =
      """
      select batch from outbox
      where destination = ? and batch = id and not_before <= now()
      order by batch + 0 limit 1 for update skip locked
      """;

  static final String OF_BATCH =
      "select id, event_ids, traceparent, origin, bytes, attempts from outbox where batch = ?"
          + " for update";
  static final String REMOVE = "delete from outbox where batch = ?";

  /** Of one batch. */
  static final int MOST_ITEMS = 2000;

  /**
   * Of one batch, of its events' properties. The last item may go beyond: a batch has at least one,
   * and no item is larger than a call.
   */
  static final long MOST_BYTES = 16 << 20;

  /** The oldest items of one destination that are in no batch, with what comes before each. */
  private static final String WAITING =
      """
      with waiting as (
        select ctid as place, id, event_ids, bytes from outbox where destination = ? and batch is null
        order by id limit %s for update skip locked),
      counted as (
        select place, sum(cardinality(event_ids)) over (order by id) - cardinality(event_ids)
            as events_before,
          sum(bytes) over (order by id) - bytes as bytes_before
        from waiting),
      fitting as (select place from counted where events_before < %s and bytes_before < %s)
      """;

  private Outbox() {}

  /**
   * Events of one call, for each destination one item.
   *
   * @param bytes how large their properties are
   */
  record Queued(List<String> eventIds, long bytes, Provenance provenance) {
    static Queued of(List<StorableEvent> events, Provenance provenance) {
      return new Queued(
          events.stream().map(StorableEvent::id).toList(),
          events.stream().mapToLong(event -> event.properties().size()).sum(),
          provenance);
    }
  }

  /** Queues events for destinations, within the transaction that stores them. */
  static void put(
      Connection connection, Collection<Destination.Name> destinations, List<Queued> queued)
      throws SQLException {
    if (queued.isEmpty()) {
      return;
    }
    String[] eventIds = new String[queued.size()];
    @Nullable String[] traceparents = new @Nullable String[queued.size()];
    String[] origins = new String[queued.size()];
    Long[] bytes = new Long[queued.size()];
    for (int i = 0; i < eventIds.length; i++) {
      // An array of arrays would have to be a rectangle; the text of one does not.
      eventIds[i] = ids(connection, queued.get(i).eventIds()).toString();
      traceparents[i] = queued.get(i).provenance().traceparent();
      origins[i] = queued.get(i).provenance().originJson();
      bytes[i] = queued.get(i).bytes();
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into outbox (destination, event_ids, traceparent, origin, bytes)
            select destination, item.event_ids::text[], item.traceparent, item.origin::json,
              item.bytes
            from unnest(?, ?, ?, ?)
                with ordinality as item(event_ids, traceparent, origin, bytes, place),
              unnest(?) as destination
            order by place
            """)) {
      insert.setArray(1, connection.createArrayOf("text", eventIds));
      insert.setArray(2, connection.createArrayOf("text", traceparents));
      insert.setArray(3, connection.createArrayOf("text", origins));
      insert.setArray(4, connection.createArrayOf("int8", bytes));
      insert.setArray(
          5, ids(connection, destinations.stream().map(Destination.Name::word).toList()));
      insert.executeUpdate();
    }
  }

  static String makeBatch(int mostEvents) {
    return WAITING.formatted(MOST_ITEMS, mostEvents, MOST_BYTES)
        + """
        , taken as (
          update outbox set batch = (select min(id) from waiting)
          where ctid = any (array(select place from fitting)) returning batch)
        select min(batch) from taken
        """;
  }

  static String takeOut(int mostEvents) {
    return WAITING.formatted(MOST_ITEMS, mostEvents, MOST_BYTES)
        + """
        delete from outbox where ctid = any (array(select place from fitting))
        returning id, event_ids, traceparent, origin, bytes, attempts
        """;
  }

  /** A batch that was made before, may be tried now and is nobody's work. */
  static OptionalLong dueBatch(Connection connection, Destination.Name destination)
      throws SQLException {
    return number(connection, DUE, destination.word());
  }

  /**
   * The batch to deliver next: one that is due and nobody works on, else a new one. Several
   * processes may ask at once.
   */
  static OptionalLong nextBatch(Connection connection, Destination.Name destination, int mostEvents)
      throws SQLException {
    OptionalLong due = dueBatch(connection, destination);
    return due.isPresent() ? due : number(connection, makeBatch(mostEvents), destination.word());
  }

  /**
   * Takes out the oldest items that are in no batch. When the transaction ends otherwise, they are
   * back.
   */
  static List<OutboxItem> takeOut(
      Connection connection, Destination.Name destination, int mostEvents) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(takeOut(mostEvents))) {
      delete.setString(1, destination.word());
      return items(delete);
    }
  }

  /** Locks a batch; empty when somebody else works on it or it is gone. */
  static List<OutboxItem> lock(Connection connection, long batch) throws SQLException {
    if (number(
            connection,
            "select id from outbox where id = ? and batch = id for update skip locked",
            batch)
        .isEmpty()) {
      return List.of();
    }
    try (PreparedStatement query = connection.prepareStatement(OF_BATCH)) {
      query.setLong(1, batch);
      return items(query);
    }
  }

  /** In the order in which they were queued. */
  private static List<OutboxItem> items(PreparedStatement query) throws SQLException {
    List<OutboxItem> items = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        items.add(
            new OutboxItem(
                rows.getLong(1),
                List.of((String[]) rows.getArray(2).getArray()),
                rows.getString(3),
                rows.getString(4),
                rows.getLong(5),
                rows.getInt(6)));
      }
    }
    items.sort(Comparator.comparingLong(OutboxItem::id));
    return items;
  }

  static void remove(Connection connection, long batch) throws SQLException {
    update(connection, REMOVE, batch);
  }

  /** Makes each item of a batch a batch of its own, to find the one that can't be delivered. */
  static void takeApart(Connection connection, long batch) throws SQLException {
    update(connection, "update outbox set batch = id where batch = ?", batch);
  }

  /** Makes two batches of one that is a single item. */
  static void halve(Connection connection, long batch) throws SQLException {
    update(
        connection,
        """
        with whole as (delete from outbox where batch = ? returning *),
        halves as (
          select nextval(pg_get_serial_sequence('outbox', 'id')) as id, whole.destination,
            case half when 1 then whole.event_ids[:cardinality(whole.event_ids) / 2]
              else whole.event_ids[cardinality(whole.event_ids) / 2 + 1:] end as event_ids,
            whole.traceparent, whole.origin, whole.queued_at, whole.bytes / 2 as bytes
          from whole, generate_series(1, 2) as half)
        insert into outbox (id, destination, event_ids, traceparent, origin, queued_at, bytes,
          batch)
        overriding system value
        select id, destination, event_ids, traceparent, origin, queued_at, bytes, id from halves
        """,
        batch);
  }

  /** Counts a refusal of a batch and lets it rest. */
  static void postpone(Connection connection, long batch, Duration pause) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            update outbox set attempts = attempts + 1,
              not_before = now() + ? * interval '1 millisecond'
            where batch = ?
            """)) {
      update.setLong(1, pause.toMillis());
      update.setLong(2, batch);
      update.executeUpdate();
    }
  }

  static Array ids(Connection connection, Collection<String> ids) throws SQLException {
    return connection.createArrayOf("text", ids.toArray(String[]::new));
  }

  private static void update(Connection connection, String sql, long batch) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, batch);
      update.executeUpdate();
    }
  }

  private static OptionalLong number(Connection connection, String sql, Object parameter)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setObject(1, parameter);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          return OptionalLong.empty();
        }
        long value = rows.getLong(1);
        return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
      }
    }
  }
}
