package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Payload;
import org.junit.jupiter.api.Test;

final class IngestRequestTest {

  private static String refused(IngestRequest request) {
    return switch (request) {
      case IngestRequest.Refused(var error) -> error;
      case IngestRequest.Events(var slices) -> slices.size() + " events";
    };
  }

  private static String many(String json) {
    return refused(IngestRequest.many(Payload.ofJson(json), 3));
  }

  private static String one(String json) {
    return refused(IngestRequest.one(Payload.ofJson(json)));
  }

  @Test
  void batch_isRefusedByName() {
    assertThat(many("nonsense")).isEqualTo("payload: must be a JSON object with the member events");
    assertThat(many("{}")).isEqualTo("events: is required");
    assertThat(many("{\"events\":{}}")).isEqualTo("events: must be a list");
    assertThat(many("{\"events\":[]}"))
        .isEqualTo("events: must hold at least one event (found an empty list)");
    assertThat(many("{\"events\":[1,2,3,4]}"))
        .isEqualTo("events: must hold at most 3 events (found 4)");
    assertThat(many("{\"events\":[1],\"more\":1}"))
        .isEqualTo("payload: must hold events and nothing else");
    assertThat(many("{\"events\":[1],\"events\":[2]}")).isEqualTo("events: must stand only once");
    assertThat(many("{\"events\":[1,2")).startsWith("payload: must be a JSON object");
    assertThat(many("{\"events\":[1,2,3]}")).isEqualTo("3 events");
  }

  @Test
  void singleEvent_isRefusedByName() {
    assertThat(one("[]")).isEqualTo("payload: must be a JSON object with the member event_data");
    assertThat(one("{\"event\":{}}")).isEqualTo("payload: must hold event_data and nothing else");
    assertThat(one("{\"event_data\":{}}")).isEqualTo("1 events");
    assertThat(one("{\"eventData\":{}}")).isEqualTo("1 events");
  }
}
