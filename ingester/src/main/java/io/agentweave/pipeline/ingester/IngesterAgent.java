package io.agentweave.pipeline.ingester;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RequestContext;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.Payload;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.BatchAnswer;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.validation.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes events in: validates, normalises, limits, recognises duplicates, has them processed. */
public final class IngesterAgent extends SecureAgent {
  private final IngesterConfig.Ingester settings;
  private final KeptRejects keptRejects = new KeptRejects();
  private volatile @Nullable Started started;

  /** What there is once the agent runs. */
  private record Started(Ingestion ingestion, Forwarding forwarding, IngestCounters counters) {}

  public IngesterAgent(IngesterConfig config) {
    this.settings = config.ingester();
  }

  /** Takes one event in: {@code {"event_data": {…}}}. */
  @Capability("ingest_event")
  public TaskResult ingestEvent(RequestContext context, Payload payload) {
    return switch (IngestRequest.one(payload)) {
      case IngestRequest.Refused(var error) -> TaskResult.rejected(error);
      case IngestRequest.Events(var slices) ->
          result(
              ingest(slices, (bad, why) -> keep(context, bad, why), started().forwarding()::one)
                  .getFirst());
    };
  }

  /** Takes many in, {@code {"events": […]}}, and answers for each. */
  @Capability("ingest_batch")
  public TaskResult ingestBatch(RequestContext context, Payload payload) {
    return switch (IngestRequest.many(payload, settings.maxBatchEvents())) {
      case IngestRequest.Refused(var error) -> TaskResult.rejected(error);
      case IngestRequest.Events(var slices) -> {
        List<EventAnswer> answers =
            ingest(
                slices,
                (bad, why) ->
                    keptRejects.once(
                        context.caller().spiffeId(), payload, () -> keep(context, bad, why)),
                out -> started().forwarding().many(out, context.deadline()));
        yield BatchAnswer.of(answers).result();
      }
    };
  }

  /** Says how it is. */
  @Capability("health")
  public IngesterHealth health() {
    return new IngesterHealth("ingester", "healthy", started().counters().metrics());
  }

  private List<EventAnswer> ingest(
      List<JsonSlice> slices, Ingestion.Rejects rejects, Ingestion.Onward onward) {
    List<EventAnswer> answers = started().ingestion().ingest(slices, rejects, onward);
    started().counters().count(answers);
    return answers;
  }

  /** Makes dead letters of what is no event, each so that {@code ingest_event} can replay it. */
  private List<EventAnswer> keep(
      RequestContext context, List<JsonSlice> slices, List<Validation.Invalid> why) {
    try (ActiveSpan span = span(IngesterSpan.KEEP_INVALID)) {
      span.note(SpanKey.EVENTS, slices.size());
      List<DeadLetter> letters = new ArrayList<>(slices.size());
      List<EventAnswer> answers = new ArrayList<>(slices.size());
      for (int i = 0; i < slices.size(); i++) {
        Validation.Invalid invalid = why.get(i);
        String detail = String.join("; ", invalid.errors());
        DeadLetter letter =
            letter(
                context,
                "ingest_event",
                slices.get(i).asMember("event_data"),
                "validate",
                invalid.reason(),
                detail);
        letters.add(letter);
        answers.add(
            new EventAnswer(
                invalid.eventId(),
                EventStatus.INVALID,
                Optional.of(invalid.reason()),
                invalid.errors(),
                Optional.of(letter.id()),
                Map.of()));
      }
      deadLetters().addAll(letters);
      return answers;
    }
  }

  private static TaskResult result(EventAnswer answer) {
    Part data = data(IngestAnswer.of(answer));
    return switch (answer.status()) {
      case INVALID ->
          TaskResult.failed("invalid event: " + String.join("; ", answer.errors()), data);
      case FAILED ->
          TaskResult.failed(
              answer.reason().orElse("failed") + ": " + String.join("; ", answer.errors()), data);
      case STORED, PROCESSED, INGESTED, DUPLICATE, FILTERED -> TaskResult.completed(data);
    };
  }

  private static Part data(Record answer) {
    return new Part.DataPart(Payload.ofJson(Json.write(answer)));
  }

  @Override
  protected void onStart() {
    SpiffeId processor =
        SpiffeId.parse("spiffe://" + configuration().agent().trustDomain() + "/agent/processor");
    telemetry().count(AgentMeter.DEAD_LETTERS_ADDED, 0, "not_json");
    Forwarding forwarding =
        new Forwarding(this::callIdempotently, spiffeId(), processor, settings, telemetry());
    Ingestion ingestion =
        new Ingestion(new SourceRates(settings), new KnownEvents(settings.knownIds()), telemetry());
    started = new Started(ingestion, forwarding, new IngestCounters(telemetry()));
  }

  private Started started() {
    Started running = started;
    if (running == null) {
      throw new IllegalStateException("the agent has not been started");
    }
    return running;
  }
}
