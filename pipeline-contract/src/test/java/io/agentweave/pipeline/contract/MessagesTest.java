package io.agentweave.pipeline.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import io.agentweave.validation.JsonText;
import io.agentweave.validation.ObjectText;
import io.agentweave.validation.Reading;
import io.agentweave.validation.RecordReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00.000001Z");
  private static final ObjectText PROPERTIES = ObjectText.of("{ \"n\": 1.10, \"é\": \"\\u00e9\"}");

  private static byte[] text(Consumer<JsonText> writing) {
    JsonText out = new JsonText(0);
    writing.accept(out);
    return out.payload().bytes();
  }

  private static void assertSameJson(byte[] written, Record message) {
    assertThat(Json.read(written)).isEqualTo(Json.read(Json.write(message)));
    assertThat(Json.read(written)).isInstanceOf(JsonReading.Parsed.class);
  }

  private static StorableEvent storable(Optional<String> userName) {
    return new StorableEvent(
        "id \"1\"", "type", AT, "u", userName, "free", PROPERTIES, "s", "Monday", 7, "1.0");
  }

  @Test
  void events_areWrittenAsTheirRecordsSay() {
    NormalizedEvent event = new NormalizedEvent("é \"1\\", "t", AT, "u", "s", PROPERTIES, "1.0");
    assertSameJson(text(event::writeTo), event);
    assertThat(RecordReader.of(NormalizedEvent.class).read(text(event::writeTo)))
        .isEqualTo(new Reading.Read<>(event));
    for (Optional<String> name : List.of(Optional.<String>empty(), Optional.of("Ada"))) {
      assertSameJson(text(storable(name)::writeTo), storable(name));
      assertThat(RecordReader.of(StorableEvent.class).read(text(storable(name)::writeTo)))
          .isEqualTo(new Reading.Read<>(storable(name)));
    }
  }

  @Test
  void answers_areWrittenAsTheirRecordsSay() {
    BatchAnswer none = BatchAnswer.of(List.of());
    assertSameJson(json(none.result()), none);
    BatchAnswer answer =
        BatchAnswer.of(
            List.of(
                EventAnswer.of("a", EventStatus.STORED, Map.of("database", "success", "x", "y")),
                EventAnswer.failed("b", "refused", "an \"error\"\n"),
                EventAnswer.filtered("c", "rule"),
                new EventAnswer(
                    Optional.empty(),
                    EventStatus.INVALID,
                    Optional.of("invalid"),
                    List.of("one", "two"),
                    Optional.of("letter"),
                    Map.of())));
    assertSameJson(json(answer.result()), answer);
    assertThat(new String(json(answer.result()), UTF_8)).startsWith("{\"total\":4,");
  }

  private static byte[] json(TaskResult result) {
    return ((Part.DataPart) result.messages().getFirst().parts().getFirst()).json().bytes();
  }
}
