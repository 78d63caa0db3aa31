package io.agentweave.pipeline.processor;

import com.github.benmanes.caffeine.cache.Ticker;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentCallException;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RefusalException;
import io.agentweave.agent.RequiresPeer;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.BatchAnswer;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.pipeline.contract.Replies;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import io.agentweave.validation.Json;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Enriches, filters and transforms events, has them stored, and counts them. */
public final class ProcessorAgent extends SecureAgent {
  private static final int MOST_EVENTS = 1000;
  private static final Duration STORE = Duration.ofSeconds(30);
  private static final String PROBE = "health";

  private final ProcessorConfig config;
  private final Database database;
  private final UserTable table;
  private final UserDirectory users;
  private final Aggregates aggregates = new Aggregates(InstantSource.system());
  private volatile @Nullable Started started;

  /** What there is once the agent runs. */
  private record Started(Processing processing, ProcessCounters counters, SpiffeId storage) {}

  public ProcessorAgent(ProcessorConfig config) {
    this.config = config;
    this.database = Database.open("processor", config.database());
    this.table = new UserTable(database);
    this.users = new UserDirectory(table::find, config.users(), Ticker.systemTicker());
  }

  /** Processes one event. */
  @Capability("process_event")
  @RequiresPeer("spiffe://agentweave.io/agent/ingester")
  public TaskResult processEvent(NormalizedEvent event, Instant ingestedAt, String ingesterId) {
    EventAnswer answer = process(List.of(event), this::storeOne).getFirst();
    Part data = new Part.DataPart(Payload.ofJson(Json.write(answer)));
    return answer.status() == EventStatus.FAILED
        ? TaskResult.failed(String.join("; ", answer.errors()), data)
        : TaskResult.completed(data);
  }

  /** Processes many, and answers for each. */
  @Capability("process_batch")
  @RequiresPeer("spiffe://agentweave.io/agent/ingester")
  public TaskResult processBatch(
      @Size(min = 1, max = MOST_EVENTS) List<NormalizedEvent> events,
      Instant ingestedAt,
      String ingesterId) {
    return BatchAnswer.of(process(events, this::storeMany)).result();
  }

  /** Says how it is. */
  @Capability("health")
  public ProcessorHealth health() {
    String status = "healthy";
    try {
      table.find(Set.of(PROBE));
    } catch (DatabaseException e) {
      status = "degraded";
    }
    return new ProcessorHealth("processor", status, started().counters().metrics(aggregates.now()));
  }

  private List<EventAnswer> process(
      List<NormalizedEvent> events, Function<List<StorableEvent>, List<EventAnswer>> storage) {
    Started running = started();
    try {
      List<EventAnswer> answers = running.processing().process(events, storage);
      running.counters().count(answers);
      return answers;
    } catch (DatabaseException.Unavailable e) {
      running.counters().failed(events.size());
      throw new RefusalException(
          new Refusal.DependencyUnavailable("postgresql", String.valueOf(e.getMessage())), e);
    } catch (AgentCallException e) {
      running.counters().failed(events.size());
      throw e;
    }
  }

  private List<EventAnswer> storeOne(List<StorableEvent> events) {
    StorableEvent event = events.getFirst();
    TaskResult reply =
        callIdempotently(
            started().storage(),
            "store_event",
            new StoreEvent(event, Instant.now(), spiffeId().toString()).payload(),
            STORE);
    return List.of(Replies.one(reply, event.id()));
  }

  private List<EventAnswer> storeMany(List<StorableEvent> events) {
    TaskResult reply =
        callIdempotently(
            started().storage(),
            "store_batch",
            new StoreBatch(events, Instant.now(), spiffeId().toString()).payload(),
            STORE);
    return Replies.many(reply, events.stream().map(StorableEvent::id).toList());
  }

  @Override
  protected Optional<DataSource> deadLetterDatabase() {
    return Optional.of(database.dataSource());
  }

  @Override
  protected void onStart() {
    database.migrate();
    config.users().seedFile().ifPresent(this::seed);
    telemetry().gauge(ProcessorMeter.USERS_REMEMBERED, users::size);
    Processing processing =
        new Processing(new Enrichment(users), new Rules(config.rules()), aggregates, telemetry());
    SpiffeId storage =
        SpiffeId.parse("spiffe://" + configuration().agent().trustDomain() + "/agent/storage");
    started = new Started(processing, new ProcessCounters(telemetry()), storage);
  }

  private void seed(Path file) {
    if (table.fill(UserSeed.read(file))) {
      logger().info("user directory filled from {}", file);
    }
  }

  @Override
  protected void onStop() {
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
