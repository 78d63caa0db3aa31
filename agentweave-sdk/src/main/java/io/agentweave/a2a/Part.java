package io.agentweave.a2a;

import com.google.protobuf.ByteString;
import io.agentweave.call.Payload;

/** A piece of a message or artifact. */
public sealed interface Part {

  /** JSON data, as the bytes that travel. */
  record DataPart(Payload json) implements Part {}

  /** Plain text. */
  record TextPart(String text) implements Part {}

  /** The bytes of a file. */
  record FilePart(String fileName, String mediaType, ByteString content) implements Part {}

  /** A file somewhere else. Agents do not fetch it by themselves. */
  record LinkPart(String fileName, String mediaType, String url) implements Part {}
}
