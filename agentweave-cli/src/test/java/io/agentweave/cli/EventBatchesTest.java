package io.agentweave.cli;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventBatchesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}{}",
        "{} {}",
        "{},{}",
        "]}",
        "{\"a\":1}]}",
        "not json",
        "\"open",
        "{\"a\":}",
        "NaN"
      })
  void lineThatIsNotOneJsonValue_travelsAsAString(String line) throws IOException {
    byte[] element = element(line.getBytes(UTF_8));
    assertThat(new ObjectMapper().readTree(element).textValue()).isEqualTo(line);
  }

  @Test
  void invalidUtf8_travelsWithoutLosingAByte() throws IOException {
    byte[] line = {'"', (byte) 0xc3, (byte) 0x28, '"'};
    assertThat(EventBatches.isJson(line)).isFalse();
    JsonNode element = new ObjectMapper().readTree(element(line));
    assertThat(element.size()).isEqualTo(1);
    assertThat(element.path("line_base64").binaryValue()).isEqualTo(line);
  }

  private static byte[] element(byte[] line) {
    return EventBatches.element(new EventLine(1, line.length, line)).bytes();
  }

  @Test
  void otherEncodings_travelAsAString() {
    assertThat(EventBatches.isJson("{}".getBytes(UTF_16))).isFalse();
    assertThat(EventBatches.isJson("{}".getBytes(UTF_16LE))).isFalse();
    assertThat(EventBatches.isJson("\ufeff{}".getBytes(UTF_8))).isFalse();
    assertThat(EventBatches.isJson(new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'})).isFalse();
    assertThat(EventBatches.isJson(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":1,\"a\":2}", "[1]", "1e400", "\"text\"", " {\"n\":null} "})
  void jsonLine_travelsAsItIs(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    assertThat(element(bytes)).isEqualTo(bytes);
  }

  @Test
  void hundredThousandLevels_areNoProblem() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(EventBatches.isJson(deep.getBytes(UTF_8))).isTrue();
  }

  /** Eight million contexts of a parser were more than the memory. */
  @Test
  void endlessNesting_isNotFollowed() {
    byte[] deep = "[".repeat(1_000_000).getBytes(UTF_8);
    assertThat(EventBatches.isJson(deep)).isFalse();
    byte[] closed = ("[".repeat(100_001) + "]".repeat(100_001)).getBytes(UTF_8);
    assertThat(new String(element(closed), UTF_8)).startsWith("\"[[[");
  }

  @Test
  void batches_keepOrderAndBounds() throws IOException {
    List<EventLine> lines =
        List.of("1", "22", "333", "4444", "55555").stream()
            .map(s -> new EventLine(1, s.length(), s.getBytes(UTF_8)))
            .toList();
    List<EventBatches.Batch> byCount = EventBatches.pack(lines, 2, 1_000);
    assertThat(byCount).map(batch -> batch.elements().size()).containsExactly(2, 2, 1);
    List<EventBatches.Batch> bySize = EventBatches.pack(lines, 100, 6);
    assertThat(bySize)
        .map(batch -> new String(batch.payload().bytes(), UTF_8))
        .containsExactly(
            "{\"events\":[1,22]}",
            "{\"events\":[333]}",
            "{\"events\":[4444]}",
            "{\"events\":[55555]}");
  }

  @Test
  void noLines_makeNoBatch() {
    assertThat(EventBatches.pack(List.of(), 10, 10)).isEmpty();
  }
}
