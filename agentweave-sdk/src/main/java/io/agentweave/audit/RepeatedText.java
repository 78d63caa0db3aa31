package io.agentweave.audit;

import io.agentweave.journal.JsonLine;
import org.jspecify.annotations.Nullable;

/**
 * A member whose value is often the one of the record before: its last encoding is kept. For one
 * thread at a time.
 */
final class RepeatedText {
  private final JsonLine.Name name;
  private @Nullable String text;
  private byte[] encoded = new byte[128];
  private int length;

  RepeatedText(String name) {
    this.name = JsonLine.name(name);
  }

  /** Writes nothing when the value is absent. Not for the first member of an object. */
  void write(JsonLine line, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (value.equals(text)) {
      line.encoded(encoded, length);
      return;
    }
    int before = line.size();
    line.field(name, value, RecordWriter.LONGEST_TEXT);
    length = line.size() - before;
    if (encoded.length < length) {
      encoded = new byte[length];
    }
    System.arraycopy(line.bytes(), before, encoded, 0, length);
    text = value;
  }
}
