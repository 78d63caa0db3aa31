package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.RecordReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value inside JSON text, by where it stands. Takes objects and lists apart one level at a time
 * without judging what is inside: brackets and strings are told apart, nothing else is looked at,
 * and no depth is too much. So one bad element says nothing about its neighbours.
 */
final class JsonSlice {
  private final byte[] text;
  private final int from;
  private final int to;

  /** The text is shared, not copied; {@code to} is the byte after the last. */
  private JsonSlice(byte[] text, int from, int to) {
    this.text = text;
    this.from = from;
    this.to = to;
  }

  /** A member of an object; the name as it stands there, escapes and all. */
  record Member(String name, JsonSlice value) {}

  /** The text without the space around it. */
  static JsonSlice of(byte[] text) {
    int from = 0;
    int to = text.length;
    while (from < to && isSpace(text[from])) {
      from++;
    }
    while (to > from && isSpace(text[to - 1])) {
      to--;
    }
    return new JsonSlice(text, from, to);
  }

  int size() {
    return to - from;
  }

  byte[] copy() {
    return Arrays.copyOfRange(text, from, to);
  }

  /** The value as a record, as {@link RecordReader#readPlain} says. */
  <T extends Record> @Nullable T readPlain(RecordReader<T> reader, JsonLimits limits) {
    return reader.readPlain(text, from, to, limits);
  }

  /** The value as the one member of an object. */
  Payload asMember(String name) {
    ByteArrayOutputStream object = new ByteArrayOutputStream(size() + name.length() + 5);
    object.writeBytes(("{\"" + name + "\":").getBytes(StandardCharsets.UTF_8));
    object.write(text, from, size());
    object.write('}');
    return Payload.ofJson(object.toByteArray());
  }

  boolean startsWith(char first) {
    return from < to && text[from] == first;
  }

  /**
   * What stands in a list or object.
   *
   * @param first of them, as many as were asked for
   * @param count of all
   */
  record Contents<T>(List<T> first, int count) {}

  /**
   * The elements of a list; empty when this isn't one, or not from start to end.
   *
   * @param most are kept: two bytes of text would become forty of memory
   */
  Optional<Contents<JsonSlice>> elements(int most) {
    List<JsonSlice> elements = new ArrayList<>();
    int[] count = new int[1];
    boolean whole =
        enclosed(
            '[',
            ']',
            start -> {
              int end = valueEnd(start);
              if (end > start && ++count[0] <= most) {
                elements.add(new JsonSlice(text, start, end));
              }
              return end;
            });
    return whole ? Optional.of(new Contents<>(elements, count[0])) : Optional.empty();
  }

  /**
   * The members of an object; empty when this isn't one, or not from start to end.
   *
   * @param most are kept
   */
  Optional<Contents<Member>> members(int most) {
    List<Member> members = new ArrayList<>();
    int[] count = new int[1];
    boolean whole =
        enclosed(
            '{',
            '}',
            start -> {
              int nameEnd = at(start) == '"' ? stringEnd(start) : -1;
              int colon = nameEnd < 0 ? -1 : space(nameEnd);
              if (colon < 0 || at(colon) != ':') {
                return -1;
              }
              int value = space(colon + 1);
              int end = valueEnd(value);
              if (end <= value) {
                return -1;
              }
              if (++count[0] <= most) {
                String name =
                    new String(text, start + 1, nameEnd - start - 2, StandardCharsets.UTF_8);
                members.add(new Member(name, new JsonSlice(text, value, end)));
              }
              return end;
            });
    return whole ? Optional.of(new Contents<>(members, count[0])) : Optional.empty();
  }

  /** Reads what starts here, and returns where it ends, or -1. */
  private interface Item {
    int endFrom(int start);
  }

  /** Walks over items between brackets, separated by commas, up to the last byte. */
  private boolean enclosed(char open, char close, Item item) {
    if (size() < 2 || at(from) != open || at(to - 1) != close) {
      return false;
    }
    int at = space(from + 1);
    if (at == to - 1) {
      return true;
    }
    while (true) {
      int end = item.endFrom(at);
      if (end <= at) {
        return false;
      }
      int after = space(end);
      if (after == to - 1) {
        return true;
      } else if (at(after) != ',') {
        return false;
      }
      at = space(after + 1);
    }
  }

  /**
   * Where the value that starts here ends; -1 when it has no end, the same place when it's none.
   */
  private int valueEnd(int start) {
    return switch (at(start)) {
      case '"' -> stringEnd(start);
      case '{', '[' -> bracketsEnd(start);
      default -> {
        int end = start;
        while (end < to - 1 && !isSpace(text[end]) && ",]}".indexOf(text[end]) < 0) {
          end++;
        }
        yield end;
      }
    };
  }

  private int stringEnd(int start) {
    for (int i = start + 1; i < to; i++) {
      if (text[i] == '\\') {
        i++;
      } else if (text[i] == '"') {
        return i + 1;
      }
    }
    return -1;
  }

  private int bracketsEnd(int start) {
    int depth = 0;
    int i = start;
    while (i < to) {
      switch (text[i]) {
        case '"' -> {
          i = stringEnd(i) - 1;
          if (i < 0) {
            return -1;
          }
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (--depth == 0) {
            return i + 1;
          }
        }
        default -> {
          // only brackets and strings matter
        }
      }
      i++;
    }
    return -1;
  }

  private int space(int start) {
    int i = start;
    while (i < to && isSpace(text[i])) {
      i++;
    }
    return i;
  }

  private int at(int index) {
    return index < to ? text[index] : -1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
