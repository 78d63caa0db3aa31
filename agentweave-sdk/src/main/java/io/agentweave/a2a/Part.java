package io.agentweave.a2a;

import com.google.protobuf.ByteString;
import io.agentweave.call.Payload;
import java.util.Objects;

/** A piece of a message or artifact. */
public sealed interface Part {

  /** JSON data, as the bytes that travel. */
  record DataPart(Payload json) implements Part {
    public DataPart {
      Objects.requireNonNull(json, "json");
    }
  }

  /** Plain text. */
  record TextPart(String text) implements Part {
    public TextPart {
      Objects.requireNonNull(text, "text");
    }
  }

  /** The bytes of a file. */
  record FilePart(String fileName, String mediaType, ByteString content) implements Part {
    public FilePart {
      Objects.requireNonNull(fileName, "fileName");
      Objects.requireNonNull(mediaType, "mediaType");
      Objects.requireNonNull(content, "content");
    }
  }

  /** A file somewhere else. Agents do not fetch it by themselves. */
  record LinkPart(String fileName, String mediaType, String url) implements Part {
    public LinkPart {
      Objects.requireNonNull(fileName, "fileName");
      Objects.requireNonNull(mediaType, "mediaType");
      Objects.requireNonNull(url, "url");
    }
  }
}
