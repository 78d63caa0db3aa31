package io.agentweave.a2a;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.agentweave.call.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** JSON as the bytes of a part and as a payload: the same bytes, which nobody may change. */
final class RawJson {
  /** Whoever keeps a payload keeps no more than so many times its size. */
  private static final int MOST_KEPT = 2;

  private RawJson() {}

  static ByteString of(Payload json) {
    return UnsafeByteOperations.unsafeWrap(json.array(), json.from(), json.size());
  }

  /**
   * A view of what arrived, where the bytes are in one piece and most of it; else a copy, so that a
   * small payload does not hold a large message in memory.
   */
  static Payload payload(ByteString raw) {
    InOnePiece piece = new InOnePiece();
    try {
      UnsafeByteOperations.unsafeWriteTo(raw, piece);
    } catch (IOException e) {
      throw new IllegalStateException("looking at memory failed", e);
    }
    Payload found = piece.found;
    return found != null
            && found.size() == raw.size()
            && found.array().length <= (long) MOST_KEPT * found.size()
        ? found
        : Payload.ofJson(raw.toByteArray());
  }

  /** Is told where the bytes are, and leaves them there. */
  private static final class InOnePiece extends ByteOutput {
    private @Nullable Payload found;

    @Override
    public void writeLazy(byte[] array, int from, int size) {
      found = Payload.ofJson(array, from, size);
    }

    @Override
    public void write(byte value) {}

    @Override
    public void write(byte[] array, int from, int size) {}

    @Override
    public void write(ByteBuffer buffer) {}

    @Override
    public void writeLazy(ByteBuffer buffer) {}
  }
}
