package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.agentweave.config.ObservabilitySection;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ProcessingTest {
  private static final Telemetry TELEMETRY =
      Telemetry.start(
          new TelemetrySettings(
              "processor",
              Optional.empty(),
              "development",
              new ObservabilitySection.Tracing(false, "otlp", "http://localhost:4317", 1.0),
              Set.of()));
  private static final Map<String, User> USERS =
      Map.of(
          "ada", new User(Optional.of("Ada"), "premium", false),
          "robot", new User(Optional.of("Robot"), "free", true));

  private final Aggregates aggregates = new Aggregates(InstantSource.system());
  private final List<StorableEvent> storage = new ArrayList<>();

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  private List<EventAnswer> process(NormalizedEvent... events) {
    UserDirectory users =
        new UserDirectory(
            ids -> {
              Map<String, User> found = new HashMap<>(USERS);
              found.keySet().retainAll(ids);
              return found;
            },
            new ProcessorConfig.Users(
                Optional.empty(), 10, Duration.ofMinutes(5), Duration.ofSeconds(15)),
            System::nanoTime);
    Rules rules = new Rules(new ProcessorConfig.Rules(true, List.of("heartbeat", "debug"), 1));
    return new Processing(new Enrichment(users), rules, aggregates, TELEMETRY)
        .process(List.of(events), this::store);
  }

  private List<EventAnswer> store(List<StorableEvent> events) {
    List<EventAnswer> answers = new ArrayList<>();
    for (StorableEvent event : events) {
      boolean known = storage.stream().anyMatch(e -> e.id().equals(event.id()));
      storage.add(event);
      answers.add(EventAnswer.of(event.id(), known ? EventStatus.DUPLICATE : EventStatus.STORED));
    }
    return answers;
  }

  @Test
  void answers_areInTheOrderOfTheEvents() {
    assertThat(
            process(
                Events.event("a", "heartbeat", "ada"),
                Events.event("b", "page_view", "ada"),
                Events.event("c", "page_view", "robot"),
                Events.event("b", "page_view", "ada")))
        .extracting(
            a -> a.eventId().orElse("") + " " + a.status().word() + " " + a.reason().orElse(""))
        .containsExactly(
            "a filtered skipped_type", "b processed ", "c filtered test_user", "b duplicate ");
    assertThat(aggregates.now().byType()).containsExactly(Map.entry("page_view", 1L));
  }

  @Test
  void nothingToStore_asksNobody() {
    process(Events.event("a", "debug", "ada"));
    assertThat(storage).isEmpty();
  }

  @Test
  void storedShape_hasUserDayAndHourInUtc() {
    process(
        Events.event("a", "page_view", "ada", "2026-11-18T23:59:59.999999Z"),
        Events.event("b", "page_view", "stranger", "2024-02-29T00:00:00Z"));
    assertThat(storage)
        .extracting(
            StorableEvent::userName,
            StorableEvent::userTier,
            StorableEvent::dayOfWeek,
            StorableEvent::hour)
        .containsExactly(
            tuple(Optional.of("Ada"), "premium", "Wednesday", 23),
            tuple(Optional.empty(), "free", "Thursday", 0));
  }
}
