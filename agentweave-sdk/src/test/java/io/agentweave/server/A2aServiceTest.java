package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.agentweave.a2a.CapabilityExtension;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.a2a.v1.CancelTaskRequest;
import io.agentweave.a2a.v1.GetExtendedAgentCardRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.ListTasksResponse;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageConfiguration;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskPushNotificationConfig;
import io.agentweave.a2a.v1.TaskState;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The protocol's own rules, over real connections. */
class A2aServiceTest {
  private static final String[] ALL = {
    "echo",
    "wait",
    "fail",
    "ask",
    "chatter",
    "talk",
    "task.get",
    "task.list",
    "task.cancel",
    "task.subscribe",
    "push_config.create",
    "card.read"
  };

  private final ServedScene scene =
      new ServedScene().allow(ServedScene.INGESTER, ALL).allow(ServedScene.STRANGER, ALL);
  private final A2AServiceBlockingStub ingester = scene.as(ServedScene.INGESTER);

  @AfterEach
  void close() {
    scene.capabilities.release.countDown();
    scene.close();
  }

  private static SendMessageRequest message(String capability, Part part) {
    Message.Builder message =
        Message.newBuilder().setMessageId("m-1").setRole(Role.ROLE_USER).addParts(part);
    if (!capability.isEmpty()) {
      message.setMetadata(
          Struct.newBuilder()
              .putFields(
                  CapabilityExtension.METADATA_KEY,
                  Value.newBuilder().setStringValue(capability).build()));
    }
    return SendMessageRequest.newBuilder().setMessage(message).build();
  }

  private static Part data(double number) {
    return Part.newBuilder()
        .setData(
            Value.newBuilder()
                .setStructValue(
                    Struct.newBuilder()
                        .putFields("n", Value.newBuilder().setNumberValue(number).build())))
        .build();
  }

  private static SendMessageRequest with(
      SendMessageRequest request, SendMessageConfiguration.Builder wishes) {
    return request.toBuilder().setConfiguration(wishes).build();
  }

  private Task get(String id) {
    return ingester.getTask(GetTaskRequest.newBuilder().setId(id).build());
  }

  private static String said(Task task) {
    Part part = task.getStatus().getMessage().getParts(0);
    return part.hasText()
        ? part.getText()
        : part.hasData() ? json(part.getData()) : part.getRaw().toStringUtf8();
  }

  private static String json(Value value) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(value);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void callWithoutVersion_speaks03_andIsRefused() {
    A2AServiceBlockingStub old =
        A2AServiceGrpc.newBlockingStub(
            scene.channel(
                io.agentweave.identity.SwitchableIdentity.of(
                    ServedScene.INGESTER, scene.authority)));
    Refused refused = Refused.by(() -> old.sendMessage(ServedScene.send("echo")));
    assertThat(refused.reason()).isEqualTo("VERSION_NOT_SUPPORTED");
    assertThat(refused.domain()).isEqualTo("a2a-protocol.org");
    assertThat(refused.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);

    Metadata first = new Metadata();
    first.put(ServedScene.VERSION, "1.0.0");
    assertThat(
            Refused.by(
                    () ->
                        old.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(first))
                            .createTaskPushNotificationConfig(
                                TaskPushNotificationConfig.getDefaultInstance()))
                .code())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void dataPart_arrivesAsJson_withWholeNumbersWhole() {
    ingester.sendMessage(message("echo", data(42)));
    assertThat(scene.capabilities.lastCall.call().payload().bytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"n\":42}");
  }

  @Test
  void dataPartWithANumberThatADoubleMayHaveChanged_isInvalid() {
    Refused refused =
        Refused.by(() -> ingester.sendMessage(message("echo", data(9007199254740992.0))));
    assertThat(refused.reason()).isEqualTo("INVALID");
    assertThat(refused.status().getMessage()).contains("message.parts[0].data.n");
    assertThat(scene.capabilities.runs).hasValue(0);
  }

  @Test
  void textPart_isForCapabilitiesThatReadText() {
    Part text = Part.newBuilder().setText("hello").build();
    assertThat(said(ingester.sendMessage(message("talk", text)).getTask()))
        .isEqualTo("{\"text\":\"hello\"}");
    assertThat(Refused.by(() -> ingester.sendMessage(message("echo", text))).reason())
        .isEqualTo("CONTENT_TYPE_NOT_SUPPORTED");
  }

  @Test
  void partsThatAreNoJson_areNotSupported() {
    List<Part> wrong =
        List.of(
            Part.newBuilder().setUrl("https://example.org/").build(),
            Part.newBuilder()
                .setRaw(ByteString.copyFromUtf8("{}"))
                .setMediaType("application/xml")
                .build());
    for (Part part : wrong) {
      assertThat(Refused.by(() -> ingester.sendMessage(message("echo", part))).reason())
          .isEqualTo("CONTENT_TYPE_NOT_SUPPORTED");
    }
  }

  @Test
  void overLongTaskId_isRefused_beforePolicyAuditAndTracesHearOfIt() {
    String id = "x".repeat(257);
    for (Runnable ask :
        List.<Runnable>of(
            () -> ingester.getTask(GetTaskRequest.newBuilder().setId(id).build()),
            () -> ingester.cancelTask(CancelTaskRequest.newBuilder().setId(id).build()),
            () ->
                ingester
                    .subscribeToTask(SubscribeToTaskRequest.newBuilder().setId(id).build())
                    .next())) {
      Refused refused = Refused.by(ask);
      assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refused.status().toString()).contains("at most 256").doesNotContain("xxx");
    }
    assertThat(scene.grants.asked()).isEmpty();
  }

  @Test
  void incompleteMessage_namesEveryMissingField() {
    Refused refused =
        Refused.by(() -> ingester.sendMessage(SendMessageRequest.getDefaultInstance()));
    assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.status().toString())
        .contains("message_id")
        .contains("message.role")
        .contains("message.parts")
        .contains("message.metadata.capability");
  }

  @Test
  void messageWithoutCapability_runsTheOnlySkill_orListsTheSkills() {
    assertThat(Refused.by(() -> ingester.sendMessage(message("", data(1)))).status().getMessage())
        .contains("echo")
        .contains("talk")
        .doesNotContain("ping");
    try (ServedScene single = new ServedScene(TestCapabilities::single, ServedScene.PATIENCE, 4)) {
      single.allow(ServedScene.INGESTER, "echo");
      assertThat(said(single.as(ServedScene.INGESTER).sendMessage(message("", data(1))).getTask()))
          .isEqualTo("{\"n\":1.0}");
    }
  }

  @Test
  void failedTask_isAnAnswer() {
    Task task = ingester.sendMessage(ServedScene.send("fail")).getTask();
    assertThat(task.getStatus().getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
    assertThat(said(task)).isEqualTo("no");
    assertThat(scene.audit.ended().getFirst().outcome()).isEqualTo("failed");
  }

  @Test
  void acceptedOutputModes_mustHoldOneThatTheCapabilityMakes() {
    var wanted = SendMessageConfiguration.newBuilder().addAcceptedOutputModes("image/*");
    assertThat(
            Refused.by(() -> ingester.sendMessage(with(ServedScene.send("echo"), wanted))).reason())
        .isEqualTo("CONTENT_TYPE_NOT_SUPPORTED");
    wanted.addAcceptedOutputModes("application/*");
    ingester.sendMessage(with(ServedScene.send("echo"), wanted));
  }

  @Test
  void returnImmediately_answersAtOnce_andTheTaskGoesOnWithoutItsCaller() throws Exception {
    Task begun =
        ingester
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .sendMessage(
                with(
                    ServedScene.send("wait"),
                    SendMessageConfiguration.newBuilder().setReturnImmediately(true)))
            .getTask();
    assertThat(begun.getStatus().getState()).isEqualTo(TaskState.TASK_STATE_WORKING);
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(scene.audit.ended()).isEmpty();

    scene.capabilities.release.countDown();
    await()
        .until(() -> get(begun.getId()).getStatus().getState() == TaskState.TASK_STATE_COMPLETED);
    assertThat(scene.audit.ended().stream().filter(e -> e.subject().action().equals("wait")))
        .singleElement()
        .satisfies(ended -> assertThat(ended.outcome()).isEqualTo("completed"));
  }

  @Test
  void cancel_interruptsTheHandler_andItsCallerGetsTheCancelledTask() throws Exception {
    List<Task> answers = new CopyOnWriteArrayList<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> answers.add(ingester.sendMessage(ServedScene.send("wait")).getTask()));
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    String id = scene.capabilities.lastCall.taskId();

    Task cancelled = ingester.cancelTask(CancelTaskRequest.newBuilder().setId(id).build());
    assertThat(cancelled.getStatus().getState()).isEqualTo(TaskState.TASK_STATE_CANCELED);
    assertThat(scene.capabilities.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(caller.join(Duration.ofSeconds(60))).isTrue();
    assertThat(answers)
        .singleElement()
        .extracting(Task::getStatus)
        .satisfies(
            status -> assertThat(status.getState()).isEqualTo(TaskState.TASK_STATE_CANCELED));
    assertThat(
            Refused.by(() -> ingester.cancelTask(CancelTaskRequest.newBuilder().setId(id).build()))
                .reason())
        .isEqualTo("TASK_NOT_CANCELABLE");
  }

  @Test
  void stream_beginsWithTheTask_thenUpdates_thenEnds() {
    List<StreamResponse> events = new ArrayList<>();
    ingester.sendStreamingMessage(ServedScene.send("chatter")).forEachRemaining(events::add);

    assertThat(events.getFirst().hasTask()).isTrue();
    assertThat(events.get(1).getStatusUpdate().getStatus().getMessage().getParts(0).getText())
        .isEqualTo("begun");
    assertThat(events.get(2).getArtifactUpdate().getAppend()).isFalse();
    assertThat(events.get(3).getArtifactUpdate().getAppend()).isTrue();
    assertThat(events.get(3).getArtifactUpdate().getLastChunk()).isTrue();
    assertThat(events.getLast().getStatusUpdate().getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_COMPLETED);
    Task kept = get(events.getFirst().getTask().getId());
    assertThat(kept.getArtifacts(0).getPartsList())
        .extracting(Part::getText)
        .containsExactly("once ", "upon");
  }

  @Test
  void subscription_followsARunningTask_toItsEnd() throws Exception {
    Iterator<StreamResponse> sent = ingester.sendStreamingMessage(ServedScene.send("wait"));
    String id = sent.next().getTask().getId();
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    SubscribeToTaskRequest request = SubscribeToTaskRequest.newBuilder().setId(id).build();
    Iterator<StreamResponse> followed = ingester.subscribeToTask(request);
    assertThat(followed.next().getTask().getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_WORKING);

    scene.capabilities.release.countDown();
    assertThat(followed.next().getStatusUpdate().getStatus().getState())
        .isEqualTo(TaskState.TASK_STATE_COMPLETED);
    assertThat(followed.hasNext()).isFalse();
    sent.forEachRemaining(event -> {});
    assertThat(Refused.by(() -> ingester.subscribeToTask(request).next()).reason())
        .isEqualTo("UNSUPPORTED_OPERATION");
  }

  @Test
  void lists_arePaged_newestFirst_withHistoryAndArtifactsOnlyWhenAskedFor() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(ingester.sendMessage(ServedScene.send("chatter")).getTask().getId());
    }
    ListTasksRequest.Builder request = ListTasksRequest.newBuilder().setPageSize(2);
    List<String> listed = new ArrayList<>();
    ListTasksResponse page;
    do {
      page = ingester.listTasks(request.build());
      assertThat(page.getTotalSize()).isEqualTo(5);
      assertThat(page.getTasksList()).allMatch(task -> task.getArtifactsCount() == 0);
      page.getTasksList().forEach(task -> listed.add(task.getId()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    assertThat(listed).containsExactlyInAnyOrderElementsOf(ids).doesNotHaveDuplicates();

    ListTasksRequest whole =
        ListTasksRequest.newBuilder().setIncludeArtifacts(true).setHistoryLength(1).build();
    assertThat(ingester.listTasks(whole).getTasksList())
        .allMatch(task -> task.getArtifactsCount() == 1 && task.getHistoryCount() == 1);
    for (ListTasksRequest bad :
        List.of(
            ListTasksRequest.newBuilder().setPageSize(0).build(),
            ListTasksRequest.newBuilder().setPageSize(101).build(),
            ListTasksRequest.newBuilder().setPageToken("nonsense").build(),
            ListTasksRequest.newBuilder().setHistoryLength(-1).build())) {
      assertThat(Refused.by(() -> ingester.listTasks(bad)).code())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void pushNotifications_areNotSupported() {
    assertThat(
            Refused.by(
                    () ->
                        ingester.createTaskPushNotificationConfig(
                            TaskPushNotificationConfig.getDefaultInstance()))
                .reason())
        .isEqualTo("PUSH_NOTIFICATION_NOT_SUPPORTED");
    assertThat(
            Refused.by(
                    () ->
                        ingester.sendMessage(
                            with(
                                ServedScene.send("echo"),
                                SendMessageConfiguration.newBuilder()
                                    .setTaskPushNotificationConfig(
                                        TaskPushNotificationConfig.getDefaultInstance()))))
                .reason())
        .isEqualTo("PUSH_NOTIFICATION_NOT_SUPPORTED");
  }

  @Test
  void extendedCard_isTheCard() {
    var card = ingester.getExtendedAgentCard(GetExtendedAgentCardRequest.getDefaultInstance());
    assertThat(card.getSkillsList())
        .extracting(skill -> skill.getId())
        .contains("echo")
        .doesNotContain("ping");
    assertThat(card.getSupportedInterfaces(0).getUrl())
        .isEqualTo("127.0.0.1:" + scene.server.port());
    assertThat(card.getCapabilities().getExtensions(0).getUri()).isEqualTo(CapabilityExtension.URI);
  }
}
