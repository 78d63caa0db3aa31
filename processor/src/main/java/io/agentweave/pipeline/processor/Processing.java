package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The steps in their order: enrich, apply rules, transform, store, aggregate. */
final class Processing {
  private final Enrichment enrichment;
  private final Rules rules;
  private final Aggregates aggregates;
  private final Telemetry telemetry;

  Processing(Enrichment enrichment, Rules rules, Aggregates aggregates, Telemetry telemetry) {
    this.enrichment = enrichment;
    this.rules = rules;
    this.aggregates = aggregates;
    this.telemetry = telemetry;
  }

  /**
   * Answers for each event in turn.
   *
   * @param storage gets what is to be stored, never nothing, and answers for each in turn
   */
  List<EventAnswer> process(
      List<NormalizedEvent> events, Function<List<StorableEvent>, List<EventAnswer>> storage) {
    List<EnrichedEvent> enriched = enrich(events);
    @Nullable EventAnswer[] answers = new @Nullable EventAnswer[events.size()];
    List<StorableEvent> storable = transform(enriched, answers);
    if (!storable.isEmpty()) {
      List<EventAnswer> stored = storage.apply(storable);
      int next = 0;
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] == null) {
          answers[i] = answer(storable.get(next), stored.get(next));
          next++;
        }
      }
    }
    List<EventAnswer> all = new ArrayList<>(answers.length);
    Arrays.stream(answers).forEach(answer -> all.add(Objects.requireNonNull(answer)));
    return all;
  }

  private List<EnrichedEvent> enrich(List<NormalizedEvent> events) {
    try (ActiveSpan span = telemetry.span(ProcessorSpan.ENRICH_EVENT)) {
      span.note(SpanKey.EVENTS, events.size());
      try {
        return enrichment.enrich(events);
      } catch (RuntimeException e) {
        span.fail("user_directory");
        throw e;
      }
    }
  }

  /** Answers for what a rule leaves out, and returns the rest. */
  private List<StorableEvent> transform(
      List<EnrichedEvent> events, @Nullable EventAnswer[] answers) {
    try (ActiveSpan span = telemetry.span(ProcessorSpan.TRANSFORM_EVENT)) {
      List<StorableEvent> storable = new ArrayList<>(events.size());
      for (int i = 0; i < events.size(); i++) {
        EnrichedEvent event = events.get(i);
        Optional<String> rule = rules.leavingOut(event);
        if (rule.isPresent()) {
          answers[i] = EventAnswer.filtered(event.event().eventId(), rule.get());
        } else {
          storable.add(Transformation.storable(event));
        }
      }
      span.note(SpanKey.EVENTS, storable.size());
      return storable;
    }
  }

  private EventAnswer answer(StorableEvent event, EventAnswer stored) {
    if (stored.status() == EventStatus.STORED) {
      aggregates.add(event);
      return stored.as(EventStatus.PROCESSED);
    }
    return stored;
  }
}
