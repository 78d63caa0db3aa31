package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

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

  /** Reads a record that is a whole document. */
  public Reading<T> read(byte[] utf8) {
    T plain = readPlain(utf8, 0, utf8.length, JsonLimits.USUAL);
    if (plain != null) {
      return new Reading.Read<>(plain);
    }
    return switch (Json.read(utf8)) {
      case JsonReading.Refused(var violations) -> new Reading.Unfit<>(violations);
      case JsonReading.Parsed(var tree) -> read(tree);
    };
  }

  /**
   * The record that a part of some text is, when it takes no tree to see that it is one. Null says
   * nothing: the part may be a record all the same, of the kind that has to be looked at twice.
   */
  public @Nullable T readPlain(byte[] utf8, int from, int to, JsonLimits limits) {
    try {
      QuickJson in = new QuickJson(utf8, from, to, limits);
      T value = type.cast(reader.quick(in));
      in.expectEnd();
      return value;
    } catch (QuickJson.GivesUp e) {
      return null;
    }
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
