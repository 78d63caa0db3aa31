package io.agentweave.pipeline.storage;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RefusalException;
import io.agentweave.agent.RequestContext;
import io.agentweave.agent.RequiresPeer;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.pipeline.contract.BatchAnswer;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.validation.Json;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Keeps events: in PostgreSQL before it answers, in warehouse, search and analytics afterwards. */
public final class StorageAgent extends SecureAgent {
  private static final int MOST_EVENTS = 1000;

  private final StorageConfig config;
  private final Database database;
  private final EventStore store;
  private final OutboxBacklog backlog;
  private volatile @Nullable Started started;

  /** What there is once the agent runs. */
  private record Started(OutboxWorkers workers, StoreCounters counters) {}

  public StorageAgent(StorageConfig config) {
    this.config = config;
    this.database = Database.open("storage", config.database());
    this.store = new EventStore(database);
    this.backlog = new OutboxBacklog(database);
  }

  /** Stores one event. */
  @Capability("store_event")
  @RequiresPeer("spiffe://agentweave.io/agent/processor")
  public TaskResult storeEvent(
      RequestContext context, StorableEvent event, Instant processedAt, String processorId) {
    EventAnswer answer = store(context, List.of(event), processedAt, processorId).getFirst();
    Part data = new Part.DataPart(Payload.ofJson(Json.write(answer)));
    return answer.status() == EventStatus.FAILED
        ? TaskResult.failed("storage failed: " + String.join("; ", answer.errors()), data)
        : TaskResult.completed(data);
  }

  /** Stores many, and answers for each. */
  @Capability("store_batch")
  @RequiresPeer("spiffe://agentweave.io/agent/processor")
  public TaskResult storeBatch(
      RequestContext context,
      @Size(min = 1, max = MOST_EVENTS) List<StorableEvent> events,
      Instant processedAt,
      String processorId) {
    return BatchAnswer.of(store(context, events, processedAt, processorId)).result();
  }

  /** Says how it is. */
  @Capability("health")
  public StorageHealth health() {
    Map<String, OutboxBacklog.Waiting> outbox = new TreeMap<>();
    String status = "healthy";
    try {
      backlog.now().forEach((name, waiting) -> outbox.put(name.word(), waiting));
    } catch (DatabaseException e) {
      status = "degraded";
    }
    return new StorageHealth("storage", status, started().counters().metrics(outbox));
  }

  private List<EventAnswer> store(
      RequestContext context, List<StorableEvent> events, Instant processedAt, String processorId) {
    Provenance provenance = new Provenance(telemetry().currentTrace(), origin(context));
    EventStore.Unfit unfit = (event, why) -> unfit(context, event, processedAt, processorId, why);
    long start = System.nanoTime();
    try (ActiveSpan span = span(StorageSpan.DATABASE_WRITE)) {
      span.note(SpanKey.EVENTS, events.size());
      if (events.size() == 1) {
        span.note(SpanKey.EVENT_ID, events.getFirst().id());
      }
      try {
        List<EventAnswer> answers = store.store(events, provenance, unfit);
        started().counters().count(answers);
        started().workers().wake();
        return answers;
      } catch (DatabaseException.Unavailable e) {
        span.fail("dependency_unavailable");
        started().counters().failed(events.size());
        throw new RefusalException(
            new Refusal.DependencyUnavailable("postgresql", String.valueOf(e.getMessage())), e);
      }
    } finally {
      telemetry().time(StorageMeter.WRITE_TIME, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private EventAnswer unfit(
      RequestContext context,
      StorableEvent event,
      Instant processedAt,
      String processorId,
      DatabaseException.Unfit why) {
    String error = String.valueOf(why.getMessage());
    DeadLetter letter =
        letter(
            context,
            "store_event",
            StoreRequest.of(event, processedAt, processorId),
            "store",
            "unfit",
            error);
    deadLetters().add(letter);
    return new EventAnswer(
        Optional.of(event.id()),
        EventStatus.FAILED,
        Optional.of("unfit"),
        List.of(error),
        Optional.of(letter.id()),
        Map.of());
  }

  private DeadLetter.Origin origin(RequestContext context) {
    return letter(context, "store_event", Payload.empty(), "", "", "").origin();
  }

  @Override
  protected Optional<DataSource> deadLetterDatabase() {
    return Optional.of(database.dataSource());
  }

  @Override
  protected void onStart() {
    database.migrate();
    backlog.gauge(telemetry());
    telemetry().count(AgentMeter.DEAD_LETTERS_ADDED, 0, "unfit");
    telemetry().count(AgentMeter.DEAD_LETTERS_ADDED, 0, "undelivered");
    UndeliveredLetters letters = new UndeliveredLetters(database, deadLetters(), spiffeId());
    OutboxWorkers workers = OutboxWorkers.start(config, database, telemetry(), letters);
    started = new Started(workers, new StoreCounters(telemetry()));
  }

  @Override
  protected void onStop() {
    Started running = started;
    if (running != null) {
      running.workers().close();
    }
    database.close();
  }

  private Started started() {
    Started running = started;
    if (running == null) {
      throw new IllegalStateException("the agent has not been started");
    }
    return running;
  }
}
