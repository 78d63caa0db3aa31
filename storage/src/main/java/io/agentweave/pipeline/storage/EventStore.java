package io.agentweave.pipeline.storage;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores events once. Events and the outbox items that take them further are one transaction,
 * committed before there is an answer.
 */
final class EventStore {
  private static final Map<String, String> STORED =
      Map.of("database", "success", "warehouse", "queued", "search", "queued");
  private static final Map<String, String> DUPLICATE = Map.of("database", "duplicate");
  private static final Map<String, String> CONFLICT = Map.of("database", "conflict");

  private final Database database;

  EventStore(Database database) {
    this.database = database;
  }

  /** What becomes of an event whose values the database does not take. */
  interface Unfit {
    EventAnswer answer(StorableEvent event, DatabaseException.Unfit why);
  }

  /**
   * Stores what is not stored yet, and answers for each event in turn. When the database does not
   * take one event's values, the others are stored all the same.
   *
   * @throws DatabaseException.Unavailable when nobody can say what is stored
   */
  List<EventAnswer> store(List<StorableEvent> events, Provenance provenance, Unfit unfit) {
    try {
      return database.transaction(connection -> store(connection, events, provenance));
    } catch (DatabaseException.Unfit e) {
      if (events.size() == 1) {
        return List.of(unfit.answer(events.getFirst(), e));
      }
      int half = events.size() / 2;
      List<EventAnswer> answers =
          new ArrayList<>(store(events.subList(0, half), provenance, unfit));
      answers.addAll(store(events.subList(half, events.size()), provenance, unfit));
      return answers;
    }
  }

  private static List<EventAnswer> store(
      Connection connection, List<StorableEvent> events, Provenance provenance)
      throws SQLException {
    Set<String> inserted = EventTable.insert(connection, events);
    if (!inserted.isEmpty()) {
      Outbox.put(connection, EnumSet.allOf(Destination.Name.class), inserted, provenance);
    }
    Set<String> unanswered = new HashSet<>(inserted);
    List<EventAnswer> answers = new ArrayList<>(events.size());
    List<StorableEvent> duplicates = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (StorableEvent event : events) {
      if (unanswered.remove(event.id())) {
        answers.add(EventAnswer.of(event.id(), EventStatus.STORED, STORED));
      } else {
        places.add(answers.size());
        duplicates.add(event);
        answers.add(EventAnswer.of(event.id(), EventStatus.DUPLICATE, DUPLICATE));
      }
    }
    for (int differing : EventTable.differing(connection, duplicates)) {
      String id = duplicates.get(differing).id();
      answers.set(places.get(differing), EventAnswer.of(id, EventStatus.DUPLICATE, CONFLICT));
    }
    if (!duplicates.isEmpty()) {
      queueAgain(connection, duplicates, provenance);
    }
    return answers;
  }

  private static void queueAgain(
      Connection connection, List<StorableEvent> duplicates, Provenance provenance)
      throws SQLException {
    Set<String> ids = new HashSet<>();
    duplicates.forEach(event -> ids.add(event.id()));
    for (var again : Undelivered.take(connection, ids).entrySet()) {
      Outbox.put(connection, Set.of(again.getKey()), again.getValue(), provenance);
    }
  }
}
