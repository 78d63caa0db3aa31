package io.agentweave.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes a message off the wire without looking into it, so that nothing is parsed on a thread that
 * serves other connections too.
 */
public enum MessageBytes implements MethodDescriptor.Marshaller<ByteString> {
  AS_THEY_ARE;

  /** Stands for a message that could not be unpacked, or is too long when it is. */
  public static final ByteString UNREADABLE = ByteString.copyFromUtf8("unreadable");

  @Override
  public InputStream stream(ByteString value) {
    return value.newInput();
  }

  @Override
  public ByteString parse(InputStream stream) {
    try {
      if (!(stream instanceof KnownLength)) {
        return UnsafeByteOperations.unsafeWrap(stream.readAllBytes());
      }
      byte[] bytes = new byte[stream.available()];
      return stream.readNBytes(bytes, 0, bytes.length) == bytes.length && stream.read() < 0
          ? UnsafeByteOperations.unsafeWrap(bytes)
          : UNREADABLE;
    } catch (IOException | StatusRuntimeException e) {
      return UNREADABLE;
    }
  }
}
