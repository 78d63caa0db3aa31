package io.agentweave.pipeline.storage;

import io.agentweave.call.TraceContext;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches from the outbox to one destination, each exactly once as far as the destination
 * lives in the database, and at least once under the same name where it doesn't.
 *
 * <p>A batch that the destination won't take is taken apart; the event that is to blame is tried
 * some more times and then becomes a dead letter. A destination that can't be reached at all costs
 * no attempts.
 */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int MOST_SPANS = 64;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Database database;
  private final Destination destination;
  private final StorageConfig.Outbox settings;
  private final Telemetry telemetry;
  private final LastResort lastResort;
  private volatile boolean behind;

  Delivery(
      Database database,
      Destination destination,
      StorageConfig.Outbox settings,
      Telemetry telemetry,
      LastResort lastResort) {
    this.database = database;
    this.destination = destination;
    this.settings = settings;
    this.telemetry = telemetry;
    this.lastResort = lastResort;
  }

  /** Keeps an event that a destination does not take. */
  interface LastResort {
    /** Makes a dead letter, durably. */
    void keep(String eventId, Destination.Name destination, int attempts, Provenance from);
  }

  Destination.Name name() {
    return destination.name();
  }

  /**
   * Delivers one batch.
   *
   * @return whether there was one that nobody else works on
   * @throws DatabaseException.Unavailable when the outbox can't be reached
   * @throws UncheckedIOException when the destination can't be reached
   */
  boolean deliverOne() {
    if (destination.endsWithTransaction()) {
      Optional<Integer> delivered = deliverAtOnce();
      if (delivered.isPresent()) {
        return delivered.get() > 0;
      }
    }
    OptionalLong batch =
        database.transaction(
            connection -> Outbox.nextBatch(connection, destination.name(), settings.batchEvents()));
    if (batch.isEmpty()) {
      return false;
    }
    try {
      return deliver(batch.getAsLong());
    } catch (RuntimeException e) {
      if (isUnreachable(e)) {
        throw e;
      }
      LOG.warn("{} does not take a batch", destination.name().word(), e);
      refused(batch.getAsLong());
      return true;
    }
  }

  /**
   * Delivers what waits in one transaction. Empty when there is a batch to deliver first, or when
   * the destination would not take what waits: then it goes in batches, which can be taken apart.
   */
  private Optional<Integer> deliverAtOnce() {
    try {
      Optional<Integer> delivered =
          database.transaction(
              connection ->
                  Outbox.dueBatch(connection, destination.name()).isPresent()
                      ? Optional.empty()
                      : Optional.of(
                          handOver(
                              connection,
                              Outbox.takeOut(
                                  connection, destination.name(), settings.batchEvents()),
                              () -> {})));
      delivered.ifPresent(this::count);
      return delivered;
    } catch (RuntimeException e) {
      if (isUnreachable(e)) {
        throw e;
      }
      LOG.debug("{} does not take what waits", destination.name().word(), e);
      return Optional.empty();
    }
  }

  /**
   * Whether the last batch was a full one, of events, items or bytes, so that more is likely to
   * wait.
   */
  boolean isBehind() {
    return behind;
  }

  private boolean deliver(long batch) {
    int delivered =
        database.transaction(
            connection -> {
              List<OutboxItem> items = Outbox.lock(connection, batch);
              return handOver(connection, items, () -> Outbox.remove(connection, batch));
            });
    count(delivered);
    return delivered > 0;
  }

  /** What is left to do once the destination has taken a batch. */
  private interface Afterwards {
    void run() throws SQLException;
  }

  /** Has the destination take items, if there are any. A batch is named by its first item. */
  private int handOver(Connection connection, List<OutboxItem> items, Afterwards afterwards)
      throws SQLException {
    if (items.isEmpty()) {
      behind = false;
      return 0;
    }
    List<String> ids = items.stream().flatMap(i -> i.eventIds().stream()).toList();
    Deque<ActiveSpan> spans = spans(items);
    boolean done = false;
    try {
      destination.take(connection, items.getFirst().id(), ids);
      afterwards.run();
      behind =
          ids.size() >= settings.batchEvents()
              || items.size() >= Outbox.MOST_ITEMS
              || items.stream().mapToLong(OutboxItem::bytes).sum() >= Outbox.MOST_BYTES;
      done = true;
    } finally {
      end(spans, done);
    }
    return ids.size();
  }

  private void count(int delivered) {
    telemetry.count(StorageMeter.DELIVERED, delivered, destination.name().word());
  }

  /**
   * A database that is away, or a full disk, whatever it comes wrapped in, is nobody's fault among
   * the events.
   */
  private static boolean isUnreachable(RuntimeException thrown) {
    if (thrown instanceof DatabaseException.Unavailable) {
      return true;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException && !(thrown instanceof DatabaseException)) {
        return true;
      }
    }
    return false;
  }

  /** One span in each of the traces that the events belong to. */
  private Deque<ActiveSpan> spans(List<OutboxItem> items) {
    Set<TraceContext> traces = new LinkedHashSet<>();
    for (OutboxItem item : items) {
      if (traces.size() == MOST_SPANS) {
        break;
      }
      TraceContext trace = item.trace();
      if (trace != null && trace.sampled()) {
        traces.add(trace);
      }
    }
    int events = items.stream().mapToInt(i -> i.eventIds().size()).sum();
    Deque<ActiveSpan> spans = new ArrayDeque<>();
    for (TraceContext trace : traces) {
      spans.push(telemetry.span(destination.name().span(), trace).note(SpanKey.EVENTS, events));
    }
    return spans;
  }

  private static void end(Deque<ActiveSpan> spans, boolean done) {
    while (!spans.isEmpty()) {
      try (ActiveSpan span = spans.pop()) {
        if (!done) {
          span.fail("undelivered");
        }
      }
    }
  }

  private void refused(long batch) {
    List<OutboxItem> items =
        database.transaction(
            connection -> {
              List<OutboxItem> locked = Outbox.lock(connection, batch);
              if (locked.size() > 1) {
                Outbox.takeApart(connection, batch);
              } else if (!locked.isEmpty() && locked.getFirst().eventIds().size() > 1) {
                Outbox.halve(connection, batch);
              } else {
                return locked;
              }
              return List.of();
            });
    for (OutboxItem item : items) {
      refused(batch, item);
    }
  }

  private void refused(long batch, OutboxItem item) {
    int attempts = item.attempts() + 1;
    if (attempts < settings.attempts()) {
      Duration pause = settings.retry().multipliedBy(1L << Math.min(item.attempts(), 20));
      Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      database.transaction(
          connection -> {
            Outbox.postpone(connection, batch, bounded);
            return batch;
          });
      return;
    }
    String eventId = item.eventIds().getFirst();
    lastResort.keep(eventId, destination.name(), attempts, item.provenance());
    database.transaction(
        connection -> {
          Undelivered.add(connection, destination.name(), eventId);
          Outbox.remove(connection, batch);
          return batch;
        });
    telemetry.count(StorageMeter.UNDELIVERED, 1, destination.name().word());
  }
}
