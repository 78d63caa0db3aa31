package io.agentweave.telemetry;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the {@code tracestate} header (W3C Trace Context level 1, section 3.3): at most
 * 32 members {@code key=value}, the newest first.
 */
final class TraceStateHeader {
  private static final int MOST_MEMBERS = 32;

  /** What everybody has to be able to pass on (section 3.3.1.5), and we pass on no more. */
  private static final int LONGEST = 512;

  /** A longer member goes first when the whole is too long. */
  private static final int LONG_MEMBER = 128;

  private static final String KEY_TAIL = "[a-z0-9_\\-*/]";
  private static final Pattern MEMBER =
      Pattern.compile(
          ("([a-z]%1$s{0,255}|[a-z0-9]%1$s{0,240}@[a-z]%1$s{0,13})"
                  + "=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]")
              .formatted(KEY_TAIL));

  private TraceStateHeader() {}

  /**
   * The members of all headers of the name, in order, as one value without space between them;
   * empty when there are none, or any of them is malformed, or there are two of one key: then
   * nobody can say which part means what.
   */
  static String read(@Nullable Iterable<String> headers) {
    if (headers == null) {
      return "";
    }
    List<String> members = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (String header : headers) {
      for (String each : header.split(",", -1)) {
        String member = TraceParent.withoutSpaceAround(each);
        if (member.isEmpty()) {
          continue;
        }
        if (members.size() == MOST_MEMBERS
            || !MEMBER.matcher(member).matches()
            || !keys.add(member.substring(0, member.indexOf('=')))) {
          return "";
        }
        members.add(member);
      }
    }
    return String.join(",", shortened(members));
  }

  private static List<String> shortened(List<String> members) {
    int length = -1;
    for (String member : members) {
      length += member.length() + 1;
    }
    for (int i = members.size() - 1; i >= 0 && length > LONGEST; i--) {
      if (members.get(i).length() > LONG_MEMBER) {
        length -= members.remove(i).length() + 1;
      }
    }
    while (length > LONGEST) {
      length -= members.removeLast().length() + 1;
    }
    return members;
  }

  /** What {@link #read} gave, for a span. */
  static TraceState state(String value) {
    if (value.isEmpty()) {
      return TraceState.getDefault();
    }
    TraceStateBuilder state = TraceState.builder();
    // What is put last comes first.
    for (String member : List.of(value.split(",")).reversed()) {
      int equals = member.indexOf('=');
      state.put(member.substring(0, equals), member.substring(equals + 1));
    }
    return state.build();
  }

  /** The value of the header for {@code state}; empty when there is nothing to say. */
  static String value(TraceState state) {
    if (state.isEmpty()) {
      return "";
    }
    StringJoiner value = new StringJoiner(",");
    state.forEach((key, content) -> value.add(key + "=" + content));
    return value.toString();
  }
}
