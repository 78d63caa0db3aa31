package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentweave.Anything;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void anyText_isReadBackTheSame() {
    Anything.tried(1000, any -> isReadBackTheSame(any.text(200), any.number()));
  }

  private static void isReadBackTheSame(String text, long number) throws IOException {
    JsonLine line = new JsonLine();
    line.open().field("text", text).field("number", number).field("flag", true).close();

    JsonNode read = JSON.readTree(line.bytes(), 0, line.size());
    assertThat(read.path("text").textValue()).isEqualTo(text);
    assertThat(read.path("number").longValue()).isEqualTo(number);
    assertThat(read.path("flag").booleanValue()).isTrue();
    assertThat(line.bytes()[line.size() - 1]).isEqualTo((byte) '\n');
    for (int i = 0; i < line.size() - 1; i++) {
      assertThat(line.bytes()[i]).as("one line").isNotEqualTo((byte) '\n');
    }
  }

  @Test
  void overLongText_isCutOffAndSaysSo() throws IOException {
    JsonLine line = new JsonLine();
    line.open().field(JsonLine.name("text"), "x".repeat(10_000), 100).close();

    assertThat(JSON.readTree(line.bytes(), 0, line.size()).path("text").textValue())
        .isEqualTo("x".repeat(100) + "...(9900 more)");
  }

  @Test
  void afterRewinding_onlyWhatWasKeptIsThere() {
    JsonLine line = new JsonLine();
    line.open().field("a", 1).close();
    int kept = line.size();
    line.open().field("b", "x".repeat(20_000));
    line.rewind(kept);

    assertThat(new String(line.bytes(), 0, line.size(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":1}\n");
  }

  @Test
  void textThatSteersATerminal_isEscaped_andReadBackTheSame() throws IOException {
    String text = "\u009b2J\u001b[8m\u202egrant\u2066\u2028\u007fü€";
    JsonLine line = new JsonLine();
    line.open().field("text", text).close();

    assertThat(new String(line.bytes(), 0, line.size(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{\"text\":\"\\u009b2J\\u001b[8m\\u202egrant\\u2066\\u2028\\u007fü€\"}\n");
    assertThat(JSON.readTree(line.bytes(), 0, line.size()).path("text").textValue())
        .isEqualTo(text);
  }
}
