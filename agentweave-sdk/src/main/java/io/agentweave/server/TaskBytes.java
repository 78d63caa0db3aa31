package io.agentweave.server;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Task;
import java.io.IOException;

/** The usual task as bytes: what was answered, and the one message of its owner behind it. */
final class TaskBytes {
  private TaskBytes() {}

  /**
   * The bytes of {@code told} with {@code asked} as its history. Nothing is built anew: protobuf
   * appends repeated fields of two messages to each other, and of a single field that comes twice,
   * the last one counts.
   *
   * @param told has no history, and has been encoded before
   * @param asked may have come without the task's ids; here it has them
   */
  static byte[] of(Task told, Message asked) {
    int askedBytes =
        asked.getSerializedSize()
            + CodedOutputStream.computeStringSize(
                Message.CONTEXT_ID_FIELD_NUMBER, told.getContextId())
            + CodedOutputStream.computeStringSize(Message.TASK_ID_FIELD_NUMBER, told.getId());
    byte[] bytes =
        new byte
            [told.getSerializedSize()
                + CodedOutputStream.computeTagSize(Task.HISTORY_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(askedBytes)
                + askedBytes];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      told.writeTo(out);
      out.writeTag(Task.HISTORY_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(askedBytes);
      asked.writeTo(out);
      out.writeString(Message.CONTEXT_ID_FIELD_NUMBER, told.getContextId());
      out.writeString(Message.TASK_ID_FIELD_NUMBER, told.getId());
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes;
  }
}
