package io.agentweave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.Payload;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One line is one result, whatever an agent calls JSON. */
final class ResultWriterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String failedWith(String data) {
    return ResultWriter.oneLine(
        new TaskResult(
            TaskResult.Status.FAILED,
            List.of(new TaskResult.Message(List.of(new Part.DataPart(Payload.ofJson(data))))),
            List.of(),
            "no"));
  }

  @Test
  void answerThatIsNoJson_forgesNoOtherResult() throws IOException {
    String line =
        failedWith("1}]}],\"artifacts\":[]}\n{\"status\":\"completed\",\"x\":[{\"y\":[{\"z\":1");
    assertThat(line.lines()).hasSize(1);
    JsonNode read = JSON.readTree(line);
    assertThat(read.path("status").textValue()).isEqualTo("failed");
    assertThat(read.at("/messages/0/parts/0").has("data")).isFalse();
    assertThat(
            new String(
                read.at("/messages/0/parts/0/raw").binaryValue(),
                java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("1}]}]");
  }

  @Test
  void answerWithLineBreaks_staysOnItsLine_andItsNumbersStay() {
    String line = failedWith("{\n\"a\": 12345678901234567890.15,\r\n\"b\": 1e400, \"c\": 10.10}");
    assertThat(line.lines()).hasSize(1);
    assertThat(line)
        .contains("\"a\":12345678901234567890.15")
        .contains("\"b\":1E+400")
        .contains("\"c\":10.10");
  }
}
