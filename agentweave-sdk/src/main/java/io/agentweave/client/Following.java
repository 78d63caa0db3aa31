package io.agentweave.client;

import com.google.protobuf.ByteString;
import io.agentweave.a2a.StreamedTask;
import io.agentweave.a2a.TaskEnd;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.transport.MessageBytes;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The innermost step of a call that follows a task: one request, its events one after the other,
 * read no faster than the listener takes them. For one call.
 */
final class Following<Q, R> implements Stage.Next<Connected, R> {
  /** Of all events of one task together. */
  private static final long MOST_BYTES = 64 << 20;

  private final Telemetry telemetry;
  private final MethodDescriptor<Q, StreamResponse> method;
  private final Q request;
  private final Consumer<TaskUpdate> listener;
  private final Function<TaskEnd, CallOutcome<R>> reading;
  private @Nullable Throwable thrown;

  /**
   * @param reading what the task's end means
   */
  Following(
      Telemetry telemetry,
      MethodDescriptor<Q, StreamResponse> method,
      Q request,
      Consumer<TaskUpdate> listener,
      Function<TaskEnd, CallOutcome<R>> reading) {
    this.telemetry = telemetry;
    this.method = method;
    this.request = request;
    this.listener = listener;
    this.reading = reading;
  }

  /** Throws what the listener threw, now that the call's end is written down. */
  void rethrow() {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  @Override
  public CallOutcome<R> proceed(Connected connected) {
    // Whatever ends the reading ends the call.
    Context.CancellableContext reading = connected.whileInTime();
    Context before = reading.attach();
    try {
      return follow(connected);
    } catch (StatusRuntimeException e) {
      return CallOutcome.refused(Failure.of(e, connected));
    } finally {
      reading.detach(before);
      reading.cancel(null);
    }
  }

  private CallOutcome<R> follow(Connected connected) {
    Iterator<ByteString> events =
        ClientCalls.blockingServerStreamingCall(
            ClientInterceptors.intercept(
                connected.channel().grpc(),
                MetadataUtils.newAttachHeadersInterceptor(Exchange.headers(telemetry))),
            method.toBuilder(method.getRequestMarshaller(), MessageBytes.AS_THEY_ARE).build(),
            Exchange.options(connected),
            request);
    StreamedTask task = new StreamedTask(MOST_BYTES, 2L * PeerChannels.MAX_ANSWER_BYTES);
    while (!task.isOver() && events.hasNext()) {
      StreamResponse event = Answers.read(events.next(), StreamResponse.getDefaultInstance());
      connected.attempt().markHeard();
      TaskUpdate update = task.hear(event).orElse(null);
      if (update != null && !tell(update)) {
        return CallOutcome.refused(new Refusal.Cancelled("the listener threw"));
      }
    }
    return reading.apply(task.end());
  }

  private boolean tell(TaskUpdate update) {
    try {
      listener.accept(update);
      return true;
    } catch (RuntimeException | Error e) {
      thrown = e;
      return false;
    }
  }
}
