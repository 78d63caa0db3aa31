package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.config.ObservabilitySection;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class IngestionTest {
  private static final Telemetry TELEMETRY =
      Telemetry.start(
          new TelemetrySettings(
              "ingester",
              Optional.empty(),
              "development",
              new ObservabilitySection.Tracing(false, "otlp", "http://localhost:4317", 1.0),
              Set.of()));

  private final List<String> order = new ArrayList<>();
  private final List<String> processor = new ArrayList<>();
  private final Map<String, String> stored = new HashMap<>();
  private EventStatus outcome = EventStatus.PROCESSED;
  private Ingestion ingestion = ingestion(1_000);

  private static Ingestion ingestion(int rate) {
    return new Ingestion(new SourceRates(settings(rate)), new KnownEvents(100), TELEMETRY);
  }

  static IngesterConfig.Ingester settings(int rate) {
    return new IngesterConfig.Ingester(1000, 500, 8, Duration.ofSeconds(30), 100, rate, 10);
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  private List<String> ingest(String... events) {
    List<JsonSlice> slices =
        Stream.of(events).map(e -> JsonSlice.of(e.getBytes(StandardCharsets.UTF_8))).toList();
    return ingestion.ingest(slices, this::keep, this::process).stream()
        .map(
            a ->
                a.eventId().orElse("?")
                    + " "
                    + a.status().word()
                    + (a.destinations().containsValue("conflict") ? " conflict" : ""))
        .toList();
  }

  private List<EventAnswer> keep(List<JsonSlice> slices, List<Validation.Invalid> why) {
    order.add("keep " + slices.size());
    return why.stream()
        .map(
            bad ->
                new EventAnswer(
                    bad.eventId(),
                    EventStatus.INVALID,
                    Optional.of(bad.reason()),
                    bad.errors(),
                    Optional.of("letter"),
                    Map.of()))
        .toList();
  }

  private List<EventAnswer> process(List<Ingestion.Outgoing> events) {
    order.add("process " + events.size());
    return events.stream()
        .map(
            out -> {
              processor.add(out.eventId());
              String json = new String(out.json().bytes(), StandardCharsets.UTF_8);
              if (json.contains("heartbeat")) {
                return EventAnswer.filtered(out.eventId(), "heartbeat");
              }
              if (outcome != EventStatus.PROCESSED) {
                return EventAnswer.of(out.eventId(), outcome);
              }
              String before = stored.putIfAbsent(out.eventId(), json);
              if (before != null) {
                return EventAnswer.of(
                    out.eventId(),
                    EventStatus.DUPLICATE,
                    Map.of("database", before.equals(json) ? "duplicate" : "conflict"));
              }
              return EventAnswer.of(out.eventId(), outcome);
            })
        .toList();
  }

  private static String event(String id) {
    return event(id, "web");
  }

  private static String event(String id, String source) {
    return event(id, "t", source, "{}");
  }

  private static String event(String id, String type, String source, String properties) {
    return """
    {"event_id":"%s","event_type":"%s","timestamp":"2026-11-18T12:00:00Z","user_id":"u",
     "source":"%s","properties":%s}
    """
        .formatted(id, type, source, properties);
  }

  private static String heartbeat(String id) {
    return event(id, "heartbeat", "web", "{}");
  }

  private static String buy(String id, int amount) {
    return event(id, "buy", "web", "{\"amount\":" + amount + "}");
  }

  @Test
  void halfBadBatch_keepsTheBadFirstAndForwardsTheGood() {
    assertThat(ingest(event("a"), "{}", event("b"), "\"no json\"", "{\"event_id\":\"c\"}"))
        .containsExactly("a ingested", "? invalid", "b ingested", "? invalid", "c invalid");
    assertThat(order).containsExactly("keep 3", "process 2");
  }

  @Test
  void lettersThatCanNotBeKept_stopEverything() {
    List<JsonSlice> slices =
        Stream.of(event("a"), "{}")
            .map(e -> JsonSlice.of(e.getBytes(StandardCharsets.UTF_8)))
            .toList();
    assertThatThrownBy(
            () ->
                ingestion.ingest(
                    slices,
                    (bad, why) -> {
                      throw new IllegalStateException("disk full");
                    },
                    this::process))
        .hasMessage("disk full");
    assertThat(processor).isEmpty();
  }

  @Test
  void storedEvent_isNotSentAgain() {
    assertThat(ingest(event("a"))).containsExactly("a ingested");
    assertThat(ingest(event("a"), event("b"))).containsExactly("a duplicate", "b ingested");
    assertThat(processor).containsExactly("a", "b");
  }

  @Test
  void failedEvent_isSentAgain() {
    outcome = EventStatus.FAILED;
    assertThat(ingest(event("a"))).containsExactly("a failed");
    outcome = EventStatus.PROCESSED;
    assertThat(ingest(event("a"))).containsExactly("a ingested");
  }

  @Test
  void sameIdTwiceInABatch_sharesTheFateOfTheFirst() {
    assertThat(ingest(event("a"), event("a"))).containsExactly("a ingested", "a duplicate");
    outcome = EventStatus.FAILED;
    assertThat(ingest(event("b"), event("b"))).containsExactly("b failed", "b failed");
    outcome = EventStatus.FILTERED;
    assertThat(ingest(event("c"), event("c"))).containsExactly("c filtered", "c filtered");
    assertThat(processor).containsExactly("a", "b", "c");
  }

  @Test
  void eventAfterOneOfItsIdThatIsNotStored_isJudgedByItself() {
    assertThat(ingest(heartbeat("a"), buy("a", 1), buy("a", 1), heartbeat("a"), buy("a", 2)))
        .containsExactly(
            "a filtered", "a ingested", "a duplicate", "a filtered", "a duplicate conflict");
    assertThat(order).containsExactly("process 1", "process 2");
  }

  @Test
  void sameIdTwiceInABatch_isAConflictWhenItSaysSomethingElse() {
    assertThat(ingest(buy("a", 1), buy("a", 2), buy("a", 2), buy("a", 1)))
        .containsExactly(
            "a ingested", "a duplicate conflict", "a duplicate conflict", "a duplicate");
  }

  @Test
  void sameIdTwiceInABatch_failsWithTheFirst_whateverItSays() {
    outcome = EventStatus.FAILED;
    assertThat(ingest(buy("a", 1), buy("a", 2))).containsExactly("a failed", "a failed");
    assertThat(processor).containsExactly("a");
  }

  @Test
  void knownEventThatSaysSomethingElse_isAConflict_eachTime() {
    assertThat(ingest(buy("a", 1))).containsExactly("a ingested");
    assertThat(ingest(buy("a", 2))).containsExactly("a duplicate conflict");
    assertThat(ingest(buy("a", 2))).containsExactly("a duplicate conflict");
    processor.clear();
    assertThat(ingest(buy("a", 1))).containsExactly("a duplicate");
    assertThat(processor).isEmpty();
  }

  @Test
  void sourceThatIsTooFast_isToldSoAndAnotherIsNot() {
    ingestion = ingestion(2);
    assertThat(ingest(event("a"), event("b"), event("c"), event("d", "ios")))
        .containsExactly("a ingested", "b ingested", "c failed", "d ingested");
    assertThat(order).containsExactly("process 3");
  }
}
