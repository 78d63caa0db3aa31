package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;

/**
 * Reads records of one type out of JSON and says everything that is wrong with it: members that are
 * missing, unknown or of the wrong type, times that don't exist, constraints that don't hold.
 *
 * <p>Members are called like the components, in snake case. A component is required and not null
 * unless it is an {@code Optional} or {@code @Nullable}. See the package's page for the types. Safe
 * for use by many threads.
 */
public final class RecordReader<T extends Record> {
  private final Class<T> type;
  private final ValueReader reader;

  private RecordReader(Class<T> type, ValueReader reader) {
    this.type = type;
    this.reader = reader;
  }

  /** Throws {@link IllegalArgumentException} when a component has a type that can't be read. */
  public static <T extends Record> RecordReader<T> of(Class<T> type) {
    return new RecordReader<>(type, ValueReaders.of((Type) type));
  }

  public Reading<T> read(JsonNode node) {
    return read(node, "");
  }

  /**
   * Reads a record out of the middle of a document.
   *
   * @param path where {@code node} stands, such as {@code events[3]}; violations start with it
   */
  public Reading<T> read(JsonNode node, String path) {
    Findings findings = new Findings();
    Object value = reader.read(node, Place.of(path), findings);
    return value == null || !findings.none()
        ? new Reading.Unfit<>(findings.all())
        : new Reading.Read<>(type.cast(value));
  }
}
