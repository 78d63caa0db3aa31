package io.agentweave.pipeline.storage;

import io.agentweave.journal.GroupCommit;
import io.agentweave.journal.GroupCommit.Pending;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores events once. Events and the outbox items that take them further are one transaction,
 * committed before there is an answer. Calls of few events that come at the same time share one: a
 * commit costs more than many events.
 */
final class EventStore {
  private static final int FEW = 50;
  private static final Duration MOST_GATHERING = Duration.ofMillis(10);
  private static final Map<String, String> STORED =
      Map.of("database", "success", "warehouse", "queued", "search", "queued");
  private static final Map<String, String> DUPLICATE = Map.of("database", "duplicate");
  private static final Map<String, String> CONFLICT = Map.of("database", "conflict");

  private final Database database;
  private final GroupCommit<StoreCall, Outcome> shared =
      new GroupCommit<>(new ReentrantLock(), MOST_GATHERING, this::commitUndisturbed);

  EventStore(Database database) {
    this.database = database;
  }

  /** What becomes of an event whose values the database does not take. */
  interface Unfit {
    EventAnswer answer(StorableEvent event, DatabaseException.Unfit why);
  }

  private record StoreCall(List<StorableEvent> events, Provenance provenance) {
    StoreCall part(int from, int to) {
      return new StoreCall(events.subList(from, to), provenance);
    }
  }

  /** What became of a call. */
  private sealed interface Outcome {
    record Done(List<Fate> fates) implements Outcome {}

    record Failed(DatabaseException why) implements Outcome {}
  }

  /** What became of an event. */
  private sealed interface Fate {
    record Answered(EventAnswer answer) implements Fate {}

    record NotTaken(DatabaseException.Unfit why) implements Fate {}
  }

  /**
   * Stores what is not stored yet, and answers for each event in turn. When the database does not
   * take one event's values, the others are stored all the same. An interrupt ends a call of many
   * events only: those of few share their transaction with others.
   *
   * @throws DatabaseException.Unavailable when nobody can say what is stored
   */
  List<EventAnswer> store(List<StorableEvent> events, Provenance provenance, Unfit unfit) {
    StoreCall call = new StoreCall(events, provenance);
    return switch (events.size() <= FEW ? shared.submit(call) : alone(call)) {
      case Outcome.Failed(DatabaseException why) -> throw why;
      case Outcome.Done(List<Fate> fates) -> {
        List<EventAnswer> answers = new ArrayList<>(fates.size());
        for (Fate fate : fates) {
          answers.add(
              switch (fate) {
                case Fate.Answered(EventAnswer answer) -> answer;
                case Fate.NotTaken(DatabaseException.Unfit why) ->
                    unfit.answer(events.get(answers.size()), why);
              });
        }
        yield answers;
      }
    };
  }

  /**
   * On a thread that nobody interrupts: whoever leads may be out of time or cancelled, which is no
   * reason to fail the others.
   */
  private void commitUndisturbed(List<Pending<StoreCall, Outcome>> batch) {
    FutureTask<Boolean> work = new FutureTask<>(() -> commit(batch), true);
    Thread worker = Thread.ofVirtual().name("shared-commit").start(work);
    boolean interrupted = false;
    while (true) {
      try {
        worker.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (work.state() == Future.State.FAILED) {
      throw new IllegalStateException("events could not be stored", work.exceptionNow());
    }
  }

  private void commit(List<Pending<StoreCall, Outcome>> batch) {
    try {
      List<StoreCall> calls = batch.stream().map(Pending::entry).toList();
      List<List<Fate>> fates = database.transaction(connection -> store(connection, calls));
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer(new Outcome.Done(fates.get(i)));
      }
    } catch (DatabaseException.Unfit e) {
      if (batch.size() == 1) {
        batch.getFirst().answer(alone(batch.getFirst().entry()));
      } else {
        int half = batch.size() / 2;
        commit(batch.subList(0, half));
        commit(batch.subList(half, batch.size()));
      }
    } catch (DatabaseException e) {
      batch.forEach(pending -> pending.answer(new Outcome.Failed(e)));
    }
  }

  private Outcome alone(StoreCall call) {
    try {
      return new Outcome.Done(fates(call));
    } catch (DatabaseException e) {
      return new Outcome.Failed(e);
    }
  }

  private List<Fate> fates(StoreCall call) {
    try {
      return database.transaction(connection -> store(connection, List.of(call))).getFirst();
    } catch (DatabaseException.Unfit e) {
      int count = call.events().size();
      if (count == 1) {
        return List.of(new Fate.NotTaken(e));
      }
      List<Fate> fates = new ArrayList<>(fates(call.part(0, count / 2)));
      fates.addAll(fates(call.part(count / 2, count)));
      return fates;
    }
  }

  /** An event that was there before, or came before in the same transaction. */
  private record Duplicate(
      StorableEvent event, Provenance provenance, List<Fate> fates, int place) {
    void differs() {
      fates.set(place, answered(event, EventStatus.DUPLICATE, CONFLICT));
    }
  }

  private static List<List<Fate>> store(Connection connection, List<StoreCall> calls)
      throws SQLException {
    Set<String> unanswered =
        EventTable.insert(
            connection, calls.stream().flatMap(call -> call.events().stream()).toList());
    List<List<Fate>> all = new ArrayList<>(calls.size());
    List<Outbox.Queued> queued = new ArrayList<>(calls.size());
    List<Duplicate> duplicates = new ArrayList<>();
    for (StoreCall call : calls) {
      List<Fate> fates = new ArrayList<>(call.events().size());
      List<StorableEvent> inserted = new ArrayList<>();
      for (StorableEvent event : call.events()) {
        if (unanswered.remove(event.id())) {
          inserted.add(event);
          fates.add(answered(event, EventStatus.STORED, STORED));
        } else {
          duplicates.add(new Duplicate(event, call.provenance(), fates, fates.size()));
          fates.add(answered(event, EventStatus.DUPLICATE, DUPLICATE));
        }
      }
      if (!inserted.isEmpty()) {
        queued.add(Outbox.Queued.of(inserted, call.provenance()));
      }
      all.add(fates);
    }
    Outbox.put(connection, EnumSet.allOf(Destination.Name.class), queued);
    if (!duplicates.isEmpty()) {
      List<StorableEvent> events = duplicates.stream().map(Duplicate::event).toList();
      for (int differing : EventTable.differing(connection, events)) {
        duplicates.get(differing).differs();
      }
      queueAgain(connection, duplicates);
    }
    return all;
  }

  private static Fate answered(
      StorableEvent event, EventStatus status, Map<String, String> results) {
    return new Fate.Answered(EventAnswer.of(event.id(), status, results));
  }

  /** Whoever sends an event again has what was not delivered of it tried again. */
  private static void queueAgain(Connection connection, List<Duplicate> duplicates)
      throws SQLException {
    Map<String, Duplicate> senders = new HashMap<>();
    duplicates.forEach(again -> senders.putIfAbsent(again.event().id(), again));
    for (var taken : Undelivered.take(connection, senders.keySet()).entrySet()) {
      Map<Provenance, List<StorableEvent>> bySender = new LinkedHashMap<>();
      for (String id : taken.getValue()) {
        Duplicate again = Objects.requireNonNull(senders.get(id));
        bySender.computeIfAbsent(again.provenance(), any -> new ArrayList<>()).add(again.event());
      }
      List<Outbox.Queued> queued = new ArrayList<>();
      bySender.forEach((sender, events) -> queued.add(Outbox.Queued.of(events, sender)));
      Outbox.put(connection, Set.of(taken.getKey()), queued);
    }
  }
}
