package io.agentweave.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.agentweave.a2a.ParsedSize;
import io.agentweave.transport.MessageBytes;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a peer's answers, whom it trusts in nothing. */
final class Answers {
  private Answers() {}

  /**
   * @throws StatusRuntimeException when these are no such bytes, or would become more than there is
   *     room for
   */
  @SuppressWarnings("ReferenceEquality") // one object stands for what is no message
  static <A extends Message> A read(ByteString bytes, A prototype) {
    try {
      if (bytes != MessageBytes.UNREADABLE) {
        if (ParsedSize.of(prototype.getDescriptorForType(), bytes) > ParsedSize.MOST) {
          throw failure(
              Status.INTERNAL.withDescription(
                  "the answer is of more parts, values and fields than there is room for"),
              null);
        }
        // These bytes never change, so the parsed ones may be views of them.
        CodedInputStream input = bytes.newCodedInput();
        input.enableAliasing(true);
        return parse(prototype, input);
      }
    } catch (InvalidProtocolBufferException e) {
      // As if it could not even be unpacked.
    }
    throw failure(Status.INTERNAL.withDescription("the answer is no message of its type"), null);
  }

  @SuppressWarnings("unchecked") // a message's parser makes messages of its type
  private static <A extends Message> A parse(A prototype, CodedInputStream input)
      throws InvalidProtocolBufferException {
    return (A) prototype.getParserForType().parseFrom(input);
  }

  static StatusRuntimeException failure(Status status, @Nullable Metadata trailers) {
    return InternalStatus.asRuntimeExceptionWithoutStacktrace(status, trailers);
  }
}
