package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.CapabilityExtension;
import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageConfiguration;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.TaskState;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What shape an answer has, over real connections. */
class A2aAnswerTest {
  private final ServedScene scene =
      new ServedScene()
          .allow(ServedScene.INGESTER, "echo", "reply", "mute", "task.get", "task.list");
  private final A2AServiceBlockingStub ingester = scene.as(ServedScene.INGESTER);

  @AfterEach
  void close() {
    scene.close();
  }

  private static SendMessageRequest message(String capability, Part part) {
    return SendMessageRequest.newBuilder()
        .setMessage(
            Message.newBuilder()
                .setMessageId("m-1")
                .setRole(Role.ROLE_USER)
                .addParts(part)
                .setMetadata(
                    Struct.newBuilder()
                        .putFields(
                            CapabilityExtension.METADATA_KEY,
                            Value.newBuilder().setStringValue(capability).build())))
        .build();
  }

  private static Part data(double number) {
    Value value = Value.newBuilder().setNumberValue(number).build();
    return Part.newBuilder()
        .setData(Value.newBuilder().setStructValue(Struct.newBuilder().putFields("n", value)))
        .build();
  }

  @Test
  void answer_hasTheFormOfItsQuestion() {
    Part asData = said(message("echo", data(42)));
    Part asRaw = said(message("echo", raw("{\"n\":42}")));

    assertThat(asData.getData()).isEqualTo(data(42).getData());
    assertThat(asRaw.getRaw().toStringUtf8()).isEqualTo("{\"n\":42}");
  }

  private Part said(SendMessageRequest question) {
    return ingester.sendMessage(question).getTask().getStatus().getMessage().getParts(0);
  }

  private static Part raw(String json) {
    return Part.newBuilder()
        .setRaw(ByteString.copyFromUtf8(json))
        .setMediaType("application/json")
        .build();
  }

  @Test
  void reply_isAMessageAlone_andThereIsNoTask() {
    var answer = ingester.sendMessage(message("reply", data(1)));

    assertThat(answer.hasTask()).isFalse();
    assertThat(answer.getMessage().getRole()).isEqualTo(Role.ROLE_AGENT);
    assertThat(answer.getMessage().getMessageId()).isNotEmpty();
    assertThat(answer.getMessage().getTaskId()).isEmpty();
    assertThat(answer.getMessage().getParts(0).getText()).isEqualTo("just so");
    assertThat(ingester.listTasks(ListTasksRequest.getDefaultInstance()).getTotalSize()).isZero();
    assertThat(scene.audit.ended().getFirst().outcome()).isEqualTo("completed");
  }

  @Test
  void reply_toWhoFollowsTheWork_isTheEndOfItsTask() {
    List<StreamResponse> events = new ArrayList<>();
    ingester.sendStreamingMessage(message("reply", data(1))).forEachRemaining(events::add);

    assertThat(events.getFirst().hasTask()).isTrue();
    assertThat(events.getLast().getStatusUpdate().getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_COMPLETED);
    GetTaskRequest asked =
        GetTaskRequest.newBuilder().setId(events.getFirst().getTask().getId()).build();
    assertThat(ingester.getTask(asked).getStatus().getMessage().getParts(0).getText())
        .isEqualTo("just so");
  }

  @Test
  void statusWithoutWords_isNoEmptyMessage() {
    List<StreamResponse> events = new ArrayList<>();
    ingester.sendStreamingMessage(message("mute", data(1))).forEachRemaining(events::add);

    assertThat(events).hasSize(3);
    assertThat(events)
        .filteredOn(StreamResponse::hasStatusUpdate)
        .noneMatch(event -> event.getStatusUpdate().getStatus().hasMessage());
  }

  @Test
  void mediaTypes_areComparedWithoutCaseAndParameters() {
    Part part = raw("{}").toBuilder().setMediaType("Application/JSON; charset=UTF-8").build();
    SendMessageRequest question =
        message("echo", part).toBuilder()
            .setConfiguration(
                SendMessageConfiguration.newBuilder()
                    .addAcceptedOutputModes("APPLICATION/JSON;charset=utf-8"))
            .build();

    assertThat(said(question).getRaw().toStringUtf8()).isEqualTo("{}");
  }

  @Test
  void twoTraces_areNone() {
    Metadata.Key<String> header = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    Metadata headers = new Metadata();
    headers.put(header, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    headers.put(header, "00-11111111111111111111111111111111-b7ad6b7169203331-01");
    ingester
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .sendMessage(message("echo", raw("{}")));

    assertThat(scene.audit.ended().getFirst().subject().trace())
        .satisfies(
            trace ->
                assertThat(trace.traceId())
                    .isNotIn(
                        "0af7651916cd43dd8448eb211c80319c", "11111111111111111111111111111111"));
  }
}
