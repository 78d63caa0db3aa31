package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  record Outgoing(String eventId, String source, Payload json) {

    /** A fingerprint of what the event says, so that one with the same id can be told from it. */
    long content() {
      MessageDigest digest = sha256();
      digest.update(json.array(), json.from(), json.size());
      return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }

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
    @Nullable EventAnswer[] answers = new @Nullable EventAnswer[slices.size()];
    @Nullable Outgoing[] valid = validate(slices, rejects, answers);
    Repeats<String> ids = new Repeats<>();
    for (int place = 0; place < valid.length; place++) {
      Outgoing event = valid[place];
      if (event == null) {
        continue;
      }
      Optional<Duration> tooFast = rates.retryAfter(event.source());
      if (tooFast.isPresent()) {
        answers[place] = rateLimited(event, tooFast.get());
      } else if (known.isStored(event)) {
        answers[place] = EventAnswer.of(event.eventId(), EventStatus.DUPLICATE);
      } else {
        ids.add(event.eventId(), place);
      }
    }
    process(ids.firsts(), valid, answers, onward);
    Repeats<Content> others = new Repeats<>();
    ids.forEach(
        (place, first) -> {
          Outgoing event = Objects.requireNonNull(valid[place]);
          EventAnswer ofFirst = Objects.requireNonNull(answers[first]);
          if (ofFirst.status() == EventStatus.FAILED
              || event.content() == Objects.requireNonNull(valid[first]).content()) {
            answers[place] = repeated(ofFirst);
          } else {
            others.add(new Content(event.eventId(), event.content()), place);
          }
        });
    process(others.firsts(), valid, answers, onward);
    others.forEach(
        (place, first) -> answers[place] = repeated(Objects.requireNonNull(answers[first])));
    List<EventAnswer> all = new ArrayList<>(answers.length);
    for (EventAnswer answer : answers) {
      all.add(Objects.requireNonNull(answer));
    }
    return all;
  }

  /** Which event of a batch says what. */
  private record Content(String eventId, long content) {}

  /** Has what stands at some places processed, and puts the answers there. */
  private void process(
      Collection<Integer> places,
      @Nullable Outgoing[] valid,
      @Nullable EventAnswer[] answers,
      Onward onward) {
    if (places.isEmpty()) {
      return;
    }
    List<Outgoing> outgoing =
        places.stream().map(place -> Objects.requireNonNull(valid[place])).toList();
    List<EventAnswer> processed = onward.process(outgoing);
    int next = 0;
    for (int place : places) {
      answers[place] = ingested(outgoing.get(next), processed.get(next));
      next++;
    }
  }

  /** What is an event, at its place; what isn't has its answer there. */
  private @Nullable Outgoing[] validate(
      List<JsonSlice> slices, Rejects rejects, @Nullable EventAnswer[] answers) {
    @Nullable Outgoing[] valid = new @Nullable Outgoing[answers.length];
    List<Integer> badPlaces = new ArrayList<>();
    List<JsonSlice> badSlices = new ArrayList<>();
    List<Validation.Invalid> why = new ArrayList<>();
    try (ActiveSpan span = telemetry.span(IngesterSpan.VALIDATE_EVENT)) {
      span.note(SpanKey.EVENTS, slices.size());
      for (int i = 0; i < valid.length; i++) {
        switch (Validation.of(slices.get(i))) {
          case Validation.Valid(var event) -> {
            valid[i] = outgoing(event);
            if (valid.length == 1) {
              span.note(SpanKey.EVENT_ID, event.eventId());
            }
          }
          case Validation.Invalid invalid -> {
            badPlaces.add(i);
            badSlices.add(slices.get(i));
            why.add(invalid);
          }
        }
      }
    }
    if (!why.isEmpty()) {
      List<EventAnswer> kept = rejects.keep(badSlices, why);
      for (int i = 0; i < kept.size(); i++) {
        answers[badPlaces.get(i)] = kept.get(i);
      }
    }
    return valid;
  }

  private static Outgoing outgoing(Event event) {
    return new Outgoing(event.eventId(), event.source(), Normalization.normalized(event));
  }

  /** Remembers what is stored, and says {@code ingested} for {@code processed}. */
  private EventAnswer ingested(Outgoing event, EventAnswer processed) {
    boolean stored =
        processed.status() == EventStatus.PROCESSED
            || (processed.status() == EventStatus.DUPLICATE && !isConflict(processed));
    if (stored) {
      known.stored(event);
    }
    return processed.status() == EventStatus.PROCESSED
        ? processed.as(EventStatus.INGESTED)
        : processed;
  }

  /** Whether something else is stored under the id. */
  private static boolean isConflict(EventAnswer duplicate) {
    return "conflict".equals(duplicate.destinations().get("database"));
  }

  /**
   * The same event again within a batch shares the fate of the first. So does another one of its
   * id, when the first failed and has to be sent again.
   */
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
