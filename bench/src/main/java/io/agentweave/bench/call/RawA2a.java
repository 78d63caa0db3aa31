package io.agentweave.bench.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.CapabilityExtension;
import io.agentweave.a2a.WireNames;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.a2a.v1.TaskStatus;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A2A by its generated stubs and nothing else: the messages that agents exchange, made anew for
 * each call, over a wire that carries them unread. What is left of gRPC's rate then is what any
 * agent that speaks A2A has, before it checks or writes down anything.
 */
final class RawA2a {
  private static final ByteString PAYLOAD = ByteString.copyFrom(Sample.payload());
  private static final ByteString ANSWER = ByteString.copyFrom(Sample.ANSWER);
  private static final Struct NAMING =
      Struct.newBuilder()
          .putFields(
              CapabilityExtension.METADATA_KEY,
              Value.newBuilder().setStringValue(Secured.CAPABILITY).build())
          .build();

  private RawA2a() {}

  static BindableService service() {
    return new A2AServiceGrpc.A2AServiceImplBase() {
      @Override
      public void sendMessage(
          SendMessageRequest request, StreamObserver<SendMessageResponse> observer) {
        if (request.getMessage().getParts(0).getRaw().size() != Sample.PAYLOAD_BYTES) {
          throw new IllegalArgumentException("not the payload");
        }
        observer.onNext(SendMessageResponse.newBuilder().setTask(task()).build());
        observer.onCompleted();
      }
    };
  }

  private static Task task() {
    return Task.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setContextId(UUID.randomUUID().toString())
        .setStatus(TaskStatus.newBuilder().setState(TaskState.TASK_STATE_COMPLETED))
        .addArtifacts(
            Artifact.newBuilder()
                .setArtifactId("1")
                .addParts(Part.newBuilder().setRaw(ANSWER).setMediaType(WireNames.JSON)))
        .build();
  }

  /** Makes one call, by a channel that runs its callbacks as it was made to. */
  static Runnable call(Channel channel) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of(WireNames.VERSION_HEADER, Metadata.ASCII_STRING_MARSHALLER),
        WireNames.VERSION);
    A2AServiceGrpc.A2AServiceBlockingStub stub =
        A2AServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    return () -> {
      Task task = stub.withDeadlineAfter(10, TimeUnit.SECONDS).sendMessage(request()).getTask();
      if (!task.getArtifacts(0).getParts(0).getRaw().equals(ANSWER)) {
        throw new IllegalStateException("not the answer");
      }
    };
  }

  private static SendMessageRequest request() {
    return SendMessageRequest.newBuilder()
        .setMessage(
            Message.newBuilder()
                .setMessageId(UUID.randomUUID().toString())
                .setRole(Role.ROLE_USER)
                .setMetadata(NAMING)
                .addParts(Part.newBuilder().setRaw(PAYLOAD).setMediaType(WireNames.JSON)))
        .build();
  }
}
