package io.agentweave.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request and its one answer, for a thread that waits. The event loop only keeps the answer's
 * bytes; the caller wakes once, when the call is over, and reads them itself. The channel's
 * callbacks have to run where they arise.
 */
final class UnaryCall extends ClientCall.Listener<ByteString> {
  private static final String CANCELLED = "the waiting thread was interrupted";

  private final Thread waiting = Thread.currentThread();
  private @Nullable ByteString answer;
  private int answers;
  private @Nullable Metadata trailers;
  private volatile @Nullable Status end;

  private UnaryCall() {}

  /**
   * Makes the call. An interrupt cancels it, and is kept.
   *
   * @param method whose answers are taken as bytes
   * @param prototype what they are read as
   * @throws StatusRuntimeException when it is not answered, without a stack trace
   */
  static <Q, A extends Message> A make(
      Channel channel,
      MethodDescriptor<Q, ByteString> method,
      A prototype,
      CallOptions options,
      Metadata headers,
      Q request) {
    UnaryCall pending = new UnaryCall();
    ClientCall<Q, ByteString> call = channel.newCall(method, options);
    try {
      call.start(pending, headers);
      call.sendMessage(request);
      call.halfClose();
      // Two, so that a second answer shows itself. Last, so that the event loop is woken once.
      call.request(2);
    } catch (RuntimeException | Error e) {
      call.cancel(null, e);
      throw e;
    }
    return Answers.read(pending.bytes(call), prototype);
  }

  @Override
  public void onMessage(ByteString message) {
    answer = message;
    answers++;
  }

  @Override
  public void onClose(Status status, Metadata last) {
    trailers = last;
    end = status;
    LockSupport.unpark(waiting);
  }

  private ByteString bytes(ClientCall<?, ?> call) {
    Status status = await(call);
    if (!status.isOk()) {
      throw Answers.failure(status, trailers);
    }
    if (answer == null || answers > 1) {
      throw Answers.failure(
          Status.INTERNAL.withDescription("a unary call with " + answers + " answers"), trailers);
    }
    return answer;
  }

  private Status await(ClientCall<?, ?> call) {
    boolean interrupted = false;
    Status status = end;
    while (status == null) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        interrupted = true;
        call.cancel(CANCELLED, null);
      }
      status = end;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return status;
  }
}
