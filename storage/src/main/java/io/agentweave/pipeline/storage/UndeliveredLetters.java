package io.agentweave.pipeline.storage;

import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.deadletter.DeadLetters;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import io.agentweave.validation.ObjectText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Dead letters of events that are stored but did not reach a destination. Replaying one stores the
 * event once more, which queues it again.
 */
final class UndeliveredLetters implements Delivery.LastResort {
  private final Database database;
  private final DeadLetterQueue queue;
  private final SpiffeId self;
  private final DeadLetters letters = new DeadLetters(InstantSource.system());

  UndeliveredLetters(Database database, DeadLetterQueue queue, SpiffeId self) {
    this.database = database;
    this.queue = queue;
    this.self = self;
  }

  @Override
  public void keep(String eventId, Destination.Name destination, int attempts, Provenance from) {
    Optional<StorableEvent> event = stored(eventId);
    if (event.isPresent()) {
      queue.add(
          letters.letter(
              StoreRequest.of(event.get(), Instant.now(), self.toString()),
              destination.span().spanName(),
              "undelivered",
              "%s did not take the event in %d attempts".formatted(destination.word(), attempts),
              from.origin()));
    }
  }

  private Optional<StorableEvent> stored(String eventId) {
    return database.transaction(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "select " + StoredRow.COLUMNS + " from events where id = ?")) {
            query.setString(1, eventId);
            try (ResultSet rows = query.executeQuery()) {
              return rows.next() ? Optional.of(event(StoredRow.of(rows))) : Optional.empty();
            }
          }
        });
  }

  private static StorableEvent event(StoredRow row) {
    return new StorableEvent(
        row.id(),
        row.type(),
        row.timestamp().toInstant(),
        row.userId(),
        Optional.ofNullable(row.userName()),
        row.userTier(),
        ObjectText.of(row.properties()),
        row.source(),
        row.dayOfWeek(),
        row.hour(),
        row.version());
  }
}
