package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholePipelineTest {
  @TempDir private static Path folder = Path.of("");
  private static WholePipeline pipeline;

  @BeforeAll
  static void start() throws IOException {
    pipeline = new WholePipeline(folder);
  }

  @AfterAll
  static void stop() {
    pipeline.close();
  }

  private static TaskResult ingest(String capability, String json) {
    return answered(pipeline.call(pipeline.ingester(), capability, Payload.ofJson(json)));
  }

  private static TaskResult answered(CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(var result, var completed) -> result;
      case CallOutcome.Refused<TaskResult>(var refusal) -> throw new AssertionError(refusal);
    };
  }

  private static Refusal refusal(CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(var result, var completed) ->
          throw new AssertionError("answered: " + result.error());
      case CallOutcome.Refused<TaskResult>(var refusal) -> refusal;
    };
  }

  private static JsonNode data(TaskResult result) {
    Part.DataPart part = (Part.DataPart) result.messages().getFirst().parts().getLast();
    return ((JsonReading.Parsed) Json.read(part.json().bytes())).tree();
  }

  private static String event(String id) {
    return """
    {"event_id":"%s","event_type":"page_view","timestamp":"2026-11-18T12:00:00+01:00",
     "user_id":"user-123","source":"web","properties":{"n":9007199254740993}}
    """
        .formatted(id);
  }

  @Test
  void singleEvent_isStoredOnceAndFurtherOnEverywhere() {
    TaskResult first = ingest("ingest_event", "{\"event_data\":" + event("one") + "}");
    assertThat(first.isCompleted()).isTrue();
    assertThat(data(first).path("status").textValue()).isEqualTo("ingested");
    assertThat(data(first).path("processed").booleanValue()).isTrue();
    assertThat(data(first).path("destinations").path("database").textValue()).isEqualTo("success");
    TaskResult again = ingest("ingest_event", "{\"event_data\":" + event("one") + "}");
    assertThat(data(again).path("status").textValue()).isEqualTo("duplicate");
    assertThat(
            pipeline.count(
                "select count(*) from events where id = 'one' and user_name ="
                    + " 'Grace Kimura' and user_tier = 'premium' and hour = 11"
                    + " and properties->>'n' = '9007199254740993'"))
        .isEqualTo(1);
    await()
        .until(
            () -> pipeline.count("select count(*) from event_search where event_id = 'one'") == 1);
  }

  @Test
  void invalidEvent_isAnsweredWithItsFieldsAndReplayedOnceItIsMended() {
    String bad = event("mended").replace("+01:00", "");
    TaskResult refused = ingest("ingest_event", "{\"event_data\":" + bad + "}");
    assertThat(refused.isCompleted()).isFalse();
    assertThat(refused.error()).contains("timestamp: must have an offset");
    String letter = data(refused).path("dead_letter_id").textValue();
    TaskResult still = ingest("dlq_replay", "{\"id\":\"" + letter + "\"}");
    assertThat(still.error()).contains("timestamp");
    TaskResult mended =
        ingest(
            "dlq_replay",
            "{\"id\":\"%s\",\"data\":{\"event_data\":%s}}".formatted(letter, event("mended")));
    assertThat(mended.error()).isNull();
    assertThat(pipeline.count("select count(*) from events where id = 'mended'")).isEqualTo(1);
    assertThat(ingest("dlq_replay", "{\"id\":\"" + letter + "\"}").isCompleted()).isFalse();
  }

  @Test
  void batchSentAgain_addsNothing_neitherEventsNorDeadLetters() {
    String batch = "{\"events\":[{},{}," + event("sent-again") + "]}";
    long before = openLetters();
    JsonNode first = data(ingest("ingest_batch", batch));
    JsonNode again = data(ingest("ingest_batch", batch));

    assertThat(openLetters() - before).isEqualTo(2);
    assertThat(first.path("totals").toString()).isEqualTo("{\"ingested\":1,\"invalid\":2}");
    assertThat(again.path("totals").toString()).isEqualTo("{\"duplicate\":1,\"invalid\":2}");
    assertThat(again.at("/events/0/dead_letter_id"))
        .isEqualTo(first.at("/events/0/dead_letter_id"))
        .isNotEqualTo(again.at("/events/1/dead_letter_id"));
    assertThat(first.at("/events/0/dead_letter_id").textValue()).isNotEmpty();
  }

  private static long openLetters() {
    return data(ingest("dlq_list", "{\"limit\":1}")).path("open").longValue();
  }

  @Test
  void samples_endAsTheirPageSays() throws IOException {
    long before = pipeline.count("select count(*) from events");
    JsonNode answer = data(ingest("ingest_batch", samples()));
    assertThat(answer.path("total").intValue()).isEqualTo(412);
    assertThat(answer.path("totals").toString())
        .isEqualTo("{\"duplicate\":12,\"filtered\":18,\"ingested\":351,\"invalid\":31}");
    assertThat(pipeline.count("select count(*) from events") - before).isEqualTo(351);
    JsonNode again = data(ingest("ingest_batch", samples()));
    assertThat(again.path("totals").toString())
        .isEqualTo("{\"duplicate\":363,\"filtered\":18,\"invalid\":31}");
    await().until(() -> pipeline.count("select count(*) from outbox") == 0);
    try (Stream<Path> files = Files.walk(pipeline.warehouse())) {
      assertThat(files.filter(f -> f.toString().endsWith(".parquet"))).isNotEmpty();
    }
    assertThat(pipeline.count("select count(*) from event_search"))
        .isEqualTo(pipeline.count("select count(*) from events"));
    assertThat(pipeline.count("select sum(events) from event_counts"))
        .isEqualTo(pipeline.count("select count(*) from events"));
  }

  /** Lines that break the list they stand in travel as text, as the command line sends them. */
  private static String samples() throws IOException {
    List<String> lines = Files.readAllLines(WholePipeline.ROOT.resolve("samples/events.ndjson"));
    return "{\"events\":["
        + String.join(
            ",",
            lines.stream().map(line -> isOneElement(line) ? line : Json.writeText(line)).toList())
        + "]}";
  }

  private static boolean isOneElement(String line) {
    byte[] list = ("[" + line + "]").getBytes(StandardCharsets.UTF_8);
    return JsonSlice.of(list).elements(2).filter(found -> found.count() == 1).isPresent();
  }

  @Test
  void emptyAndOversizedBatches_areRefusedByName() {
    assertThat(ingest("ingest_batch", "{\"events\":[]}").error()).contains("at least one event");
    String many = "1" + ",1".repeat(1000);
    assertThat(ingest("ingest_batch", "{\"events\":[" + many + "]}").error())
        .contains("at most 1000 events (found 1001)");
  }

  @Test
  void operator_mayNotSkipTheIngester() {
    assertThat(
            refusal(
                    pipeline.call(
                        pipeline.processor(),
                        "process_event",
                        Payload.ofJson("{\"event\":" + event("skipped") + "}")))
                .kind()
                .word())
        .isEqualTo("refused_by_peer");
    assertThat(pipeline.count("select count(*) from events where id = 'skipped'")).isZero();
  }

  @Test
  void databaseThatIsKilled_losesNothingThatWasAcknowledged() {
    assertThat(
            data(ingest("ingest_event", "{\"event_data\":" + event("k1") + "}"))
                .path("status")
                .textValue())
        .isEqualTo("ingested");
    ProcessHandle server =
        ProcessHandle.of(pipeline.postgres().server().process().orElseThrow().pid()).orElseThrow();
    server.destroyForcibly();
    server.onExit().join();
    await()
        .until(
            () ->
                pipeline.call(
                            pipeline.ingester(),
                            "ingest_event",
                            Payload.ofJson("{\"event_data\":" + event("k2") + "}"))
                        instanceof CallOutcome.Answered<TaskResult>(var result, var done)
                    && done);
    assertThat(pipeline.count("select count(*) from events where id in ('k1', 'k2')")).isEqualTo(2);
  }

  @Test
  void health_saysWhatHappened() {
    for (var agent : List.of(pipeline.ingester(), pipeline.processor(), pipeline.storage())) {
      JsonNode health = data(answered(pipeline.call(agent, "health", Payload.empty())));
      assertThat(health.path("status").textValue()).isEqualTo("healthy");
      assertThat(health.path("metrics").isObject()).isTrue();
    }
  }
}
