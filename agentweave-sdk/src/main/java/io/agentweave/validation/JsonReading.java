package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.call.Violation;
import java.util.List;

/** What came of reading JSON text. */
public sealed interface JsonReading {

  /** The document, with every number exactly as it was written. */
  record Parsed(JsonNode tree) implements JsonReading {}

  /** It isn't JSON, or JSON that the mesh does not carry. Never empty, never with content. */
  record Refused(List<Violation> violations) implements JsonReading {
    public Refused {
      violations = List.copyOf(violations);
    }
  }
}
