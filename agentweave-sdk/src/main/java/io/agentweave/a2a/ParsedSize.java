package io.agentweave.a2a;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a protobuf message takes of the heap when it is parsed, beyond its bytes, reckoned without
 * making any object of it. Two bytes may become a hundred: an empty part, a value, a field that
 * nobody knows.
 */
public final class ParsedSize {
  /** More than this no message of a stranger may become. */
  public static final int MOST = 12 << 20;

  /** Of so few bytes nothing great is made, and a call has one message. */
  private static final int SMALL = 1024;

  private static final int MOST_DEPTH = 100;
  private static final int MESSAGE = 96;
  private static final int TEXT = 64;
  private static final int SCALAR = 16;
  private static final int UNKNOWN = 256;

  private final CodedInputStream in;
  private long size;

  private ParsedSize(CodedInputStream in) {
    this.in = in;
  }

  /**
   * In bytes; something above {@link #MOST} when it is more than that.
   *
   * @throws InvalidProtocolBufferException when these are no such bytes, nest deeper than 100
   *     levels, or hold groups, which no message here has
   */
  public static long of(Descriptor type, ByteString bytes) throws InvalidProtocolBufferException {
    return bytes.size() <= SMALL ? 0 : exactly(type, bytes);
  }

  /** The same of what may be small, but one of many. */
  static long of(Message piece) {
    try {
      return exactly(piece.getDescriptorForType(), piece.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message's own bytes can't be read", e);
    }
  }

  private static long exactly(Descriptor type, ByteString bytes)
      throws InvalidProtocolBufferException {
    ParsedSize parsed = new ParsedSize(bytes.newCodedInput());
    try {
      parsed.message(type, 0);
      return parsed.size;
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
  }

  private void message(Descriptor type, int depth) throws IOException {
    if (depth > MOST_DEPTH) {
      throw new InvalidProtocolBufferException("deeper than " + MOST_DEPTH + " levels");
    }
    while (size <= MOST && !in.isAtEnd()) {
      int tag = in.readTag();
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_VARINT,
            WireFormat.WIRETYPE_FIXED32,
            WireFormat.WIRETYPE_FIXED64 -> {
          size += field == null ? UNKNOWN : SCALAR;
          in.skipField(tag);
        }
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(field, depth);
        default -> throw new InvalidProtocolBufferException("a group");
      }
    }
  }

  private void delimited(@Nullable FieldDescriptor field, int depth) throws IOException {
    int length = in.readRawVarint32();
    if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      size += MESSAGE;
      int outer = in.pushLimit(length);
      message(field.getMessageType(), depth + 1);
      if (size <= MOST) {
        in.popLimit(outer);
      }
    } else {
      size += field == null ? UNKNOWN : TEXT;
      in.skipRawBytes(length);
    }
  }
}
