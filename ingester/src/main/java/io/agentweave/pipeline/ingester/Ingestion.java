package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The steps in their order: validate, normalise, limit, recognise duplicates, forward. */
final class Ingestion {
  static final String RATE_LIMITED = "rate_limited";

  private final SourceRates rates;
  private final KnownEvents known;
  private final Telemetry telemetry;

  Ingestion(SourceRates rates, KnownEvents known, Telemetry telemetry) {
    this.rates = rates;
    this.known = known;
    this.telemetry = telemetry;
  }

  /**
   * An event that goes on.
   *
   * @param json a {@link io.agentweave.pipeline.contract.NormalizedEvent}
   */
  record Outgoing(String eventId, String source, Payload json) {}

  /** Keeps what is no event, durably, and answers for each in turn. */
  interface Rejects {
    List<EventAnswer> keep(List<JsonSlice> slices, List<Validation.Invalid> why);
  }

  /** Has events processed, never none, and answers for each in turn. */
  interface Onward {
    List<EventAnswer> process(List<Outgoing> events);
  }

  /** Answers for each slice in turn. What is invalid is kept before anything goes on. */
  List<EventAnswer> ingest(List<JsonSlice> slices, Rejects rejects, Onward onward) {
    Map<Integer, EventAnswer> answers = new TreeMap<>();
    Map<Integer, Outgoing> valid = validate(slices, rejects, answers);
    Map<String, Integer> firsts = new HashMap<>();
    Map<Integer, Integer> repeats = new TreeMap<>();
    List<Integer> places = new ArrayList<>();
    List<Outgoing> outgoing = new ArrayList<>();
    valid.forEach(
        (place, event) -> {
          Optional<Duration> tooFast = rates.retryAfter(event.source());
          Integer first = firsts.get(event.eventId());
          if (tooFast.isPresent()) {
            answers.put(place, rateLimited(event, tooFast.get()));
          } else if (known.isStored(event.eventId())) {
            answers.put(place, EventAnswer.of(event.eventId(), EventStatus.DUPLICATE));
          } else if (first != null) {
            repeats.put(place, first);
          } else {
            firsts.put(event.eventId(), place);
            places.add(place);
            outgoing.add(event);
          }
        });
    if (!outgoing.isEmpty()) {
      List<EventAnswer> processed = onward.process(outgoing);
      for (int i = 0; i < processed.size(); i++) {
        answers.put(places.get(i), ingested(processed.get(i)));
      }
    }
    repeats.forEach(
        (place, first) -> answers.put(place, repeated(Objects.requireNonNull(answers.get(first)))));
    return List.copyOf(answers.values());
  }

  private Map<Integer, Outgoing> validate(
      List<JsonSlice> slices, Rejects rejects, Map<Integer, EventAnswer> answers) {
    Map<Integer, Outgoing> valid = new TreeMap<>();
    List<Integer> badPlaces = new ArrayList<>();
    List<JsonSlice> badSlices = new ArrayList<>();
    List<Validation.Invalid> why = new ArrayList<>();
    try (ActiveSpan span = telemetry.span(IngesterSpan.VALIDATE_EVENT)) {
      span.note(SpanKey.EVENTS, slices.size());
      for (int i = 0; i < slices.size(); i++) {
        switch (Validation.of(slices.get(i))) {
          case Validation.Valid(var event) -> valid.put(i, outgoing(event, slices.get(i)));
          case Validation.Invalid invalid -> {
            badPlaces.add(i);
            badSlices.add(slices.get(i));
            why.add(invalid);
          }
        }
      }
      if (slices.size() == 1 && valid.size() == 1) {
        span.note(SpanKey.EVENT_ID, Objects.requireNonNull(valid.get(0)).eventId());
      }
    }
    if (!why.isEmpty()) {
      List<EventAnswer> kept = rejects.keep(badSlices, why);
      for (int i = 0; i < kept.size(); i++) {
        answers.put(badPlaces.get(i), kept.get(i));
      }
    }
    return valid;
  }

  private static Outgoing outgoing(Event event, JsonSlice slice) {
    return new Outgoing(event.eventId(), event.source(), Normalization.normalized(event, slice));
  }

  /** Remembers what is stored, and says {@code ingested} for {@code processed}. */
  private EventAnswer ingested(EventAnswer processed) {
    boolean stored =
        processed.status() == EventStatus.PROCESSED || processed.status() == EventStatus.DUPLICATE;
    if (stored) {
      processed.eventId().ifPresent(known::stored);
    }
    return processed.status() == EventStatus.PROCESSED
        ? processed.as(EventStatus.INGESTED)
        : processed;
  }

  /** The same id again within a batch shares the fate of the first. */
  private static EventAnswer repeated(EventAnswer first) {
    return first.status() == EventStatus.INGESTED
        ? EventAnswer.of(first.eventId().orElse(""), EventStatus.DUPLICATE)
        : first;
  }

  private static EventAnswer rateLimited(Outgoing event, Duration retryAfter) {
    return EventAnswer.failed(
        event.eventId(),
        RATE_LIMITED,
        "source: sends too fast, try again in %d ms".formatted(retryAfter.toMillis() + 1));
  }
}
