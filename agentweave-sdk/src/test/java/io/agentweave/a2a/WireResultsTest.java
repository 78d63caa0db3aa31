package io.agentweave.a2a;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.a2a.v1.TaskStatus;
import io.agentweave.call.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireResultsTest {

  private static Task onTheWire(TaskResult result) {
    var messages = WireResults.messages(result, "t-1", "c-1", "t-1", JsonForm.RAW);
    TaskStatus.Builder status =
        TaskStatus.newBuilder().setState(WireResults.state(result.status()));
    if (!messages.isEmpty()) {
      status.setMessage(messages.getLast());
    }
    return Task.newBuilder()
        .setId("t-1")
        .setStatus(status)
        .addAllHistory(messages.subList(0, Math.max(0, messages.size() - 1)))
        .addAllArtifacts(WireResults.artifacts(result, JsonForm.RAW))
        .build();
  }

  private static String json(Part part) {
    return new String(((Part.DataPart) part).json().bytes(), StandardCharsets.UTF_8);
  }

  private static TaskResult readBack(TaskResult result) {
    return ((TaskEnd.Ended) WireResults.read(onTheWire(result))).result();
  }

  @ParameterizedTest
  @EnumSource(value = TaskResult.Status.class, names = "REPLIED", mode = EnumSource.Mode.EXCLUDE)
  void result_comesBackAsItWent(TaskResult.Status status) {
    boolean wrong = status == TaskResult.Status.FAILED || status == TaskResult.Status.REJECTED;
    TaskResult sent =
        new TaskResult(
            status,
            List.of(
                new TaskResult.Message(List.of(new Part.TextPart("first"))),
                new TaskResult.Message(
                    List.of(
                        new Part.FilePart("f", "image/png", ByteString.copyFromUtf8("png")),
                        new Part.LinkPart("l", "text/html", "https://example.org/")))),
            List.of(new TaskResult.Artifact("report", List.of(new Part.TextPart("r")))),
            wrong ? "it broke" : null);
    assertThat(readBack(sent)).isEqualTo(sent);
  }

  @Test
  void error_isTextForThoseWhoKnowNoMore() {
    Task task = onTheWire(TaskResult.failed("no room"));
    assertThat(task.getStatus().getMessage().getParts(0).getText()).isEqualTo("no room");
    assertThat(readBack(TaskResult.failed("no room")).error()).isEqualTo("no room");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"n\":9007199254740993}", "{\"n\":1e400}", "{ \"spaces\" : 1 }", "\"\\u0000\""})
  void rawJson_arrivesByteForByte(String text) {
    TaskResult back = readBack(TaskResult.completed(new Part.DataPart(Payload.ofJson(text))));
    assertThat(json(back.messages().getFirst().parts().getFirst())).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(
      value = TaskState.class,
      names = {
        "TASK_STATE_SUBMITTED",
        "TASK_STATE_WORKING",
        "TASK_STATE_CANCELED",
        "TASK_STATE_AUTH_REQUIRED"
      })
  void taskWithoutAResult_isNotOne(TaskState state) {
    Task task =
        Task.newBuilder().setId("t").setStatus(TaskStatus.newBuilder().setState(state)).build();
    assertThat(WireResults.read(task)).isEqualTo(new TaskEnd.NotEnded("t", state));
  }

  @Test
  void taskWithoutAState_isUnreadable() {
    assertThat(WireResults.read(Task.getDefaultInstance())).isInstanceOf(TaskEnd.Unreadable.class);
  }

  private static Reading<Part> readData(Value value) {
    return WireParts.read(
        io.agentweave.a2a.v1.Part.newBuilder().setData(value).build(), "p", 1 << 20);
  }

  @Test
  void value_isWrittenAsTheJsonItIs() {
    Value value =
        Value.newBuilder()
            .setStructValue(
                Struct.newBuilder()
                    .putFields(
                        "list",
                        Value.newBuilder()
                            .setListValue(
                                ListValue.newBuilder()
                                    .addValues(Value.newBuilder().setNumberValue(-3))
                                    .addValues(Value.newBuilder().setNumberValue(0.5))
                                    .addValues(
                                        Value.newBuilder().setNullValue(NullValue.NULL_VALUE))
                                    .addValues(Value.newBuilder().setBoolValue(true))
                                    .addValues(Value.newBuilder().setStringValue("\"")))
                            .build()))
            .build();
    Part part = ((Reading.Read<Part>) readData(value)).value();
    assertThat(json(part)).isEqualTo("{\"list\":[-3,0.5,null,true,\"\\\"\"]}");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p53, -0x1p53, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void numberThatMayNotBeTheOneThatWasSent_isAViolation(double number) {
    assertThat(readData(Value.newBuilder().setNumberValue(number).build()))
        .isInstanceOfSatisfying(
            Reading.Unreadable.class,
            unreadable -> assertThat(unreadable.toString()).contains("2^53"));
  }

  @Test
  void emptyPart_isAViolation() {
    assertThat(WireParts.read(io.agentweave.a2a.v1.Part.getDefaultInstance(), "p", 1 << 20))
        .isInstanceOf(Reading.Unreadable.class);
  }
}
