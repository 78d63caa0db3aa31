package io.agentweave.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.agentweave.transport.MessageBytes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.InternalStatus;
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
   * @throws StatusRuntimeException when it is not answered, without a stack trace
   */
  static <Q, A> A make(
      Channel channel,
      MethodDescriptor<Q, ByteString> method,
      Parser<A> parser,
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
    return read(pending.bytes(call), parser);
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
      throw failure(status, trailers);
    }
    if (answer == null || answers > 1) {
      throw failure(
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

  @SuppressWarnings("ReferenceEquality") // one object stands for what is no message
  private static <A> A read(ByteString bytes, Parser<A> parser) {
    try {
      if (bytes != MessageBytes.UNREADABLE) {
        // These bytes never change, so the parsed ones may be views of them.
        CodedInputStream input = bytes.newCodedInput();
        input.enableAliasing(true);
        return parser.parseFrom(input);
      }
    } catch (InvalidProtocolBufferException e) {
      // As if it could not even be unpacked.
    }
    throw failure(Status.INTERNAL.withDescription("the answer is no message of its type"), null);
  }

  private static StatusRuntimeException failure(Status status, @Nullable Metadata trailers) {
    return InternalStatus.asRuntimeExceptionWithoutStacktrace(status, trailers);
  }
}
