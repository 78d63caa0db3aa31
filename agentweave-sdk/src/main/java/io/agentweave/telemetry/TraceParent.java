package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code traceparent} header (W3C Trace Context level 1, section 3.2), and what follows
 * it.
 */
public final class TraceParent {
  private static final int SAMPLED = 1;
  private static final int LONGEST = 512;
  private static final int TRACE = 3;
  private static final int PARENT = 36;
  private static final int FLAGS = 53;
  private static final int END = 55;

  private TraceParent() {}

  /**
   * The place that a request's only {@code traceparent} names; null when it has none or several:
   * which of them is meant, nobody can say. Space and tabs around the value are no part of it (RFC
   * 9110 section 5.5).
   */
  public static @Nullable TraceContext parseOnly(@Nullable Iterable<String> headers) {
    String only = null;
    if (headers != null) {
      for (String header : headers) {
        if (only != null) {
          return null;
        }
        only = header;
      }
    }
    return only == null || only.length() > LONGEST ? null : parse(withoutSpaceAround(only));
  }

  /**
   * The same with what {@code states}, the {@code tracestate} headers, say of it. They mean nothing
   * without a place to belong to.
   */
  public static @Nullable TraceContext parseOnly(
      @Nullable Iterable<String> headers, @Nullable Iterable<String> states) {
    TraceContext place = parseOnly(headers);
    String state = place == null ? "" : TraceStateHeader.read(states);
    return place == null || state.isEmpty()
        ? place
        : new TraceContext(place.traceId(), place.spanId(), place.sampled(), state);
  }

  static String withoutSpaceAround(String header) {
    int from = 0;
    int to = header.length();
    while (from < to && isSpace(header.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(header.charAt(to - 1))) {
      to--;
    }
    return header.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /**
   * The place in the trace that a header names; null when it is absent or malformed, and then a new
   * trace starts. A version above 00 may carry more after its flags, which is ignored.
   */
  public static @Nullable TraceContext parse(@Nullable String header) {
    if (header == null || header.length() < END || header.length() > LONGEST) {
      return null;
    }
    if (!isHex(header, 0, TRACE - 1)
        || !isHex(header, TRACE, PARENT - 1)
        || !isHex(header, PARENT, FLAGS - 1)
        || !isHex(header, FLAGS, END)
        || header.charAt(TRACE - 1) != '-'
        || header.charAt(PARENT - 1) != '-'
        || header.charAt(FLAGS - 1) != '-') {
      return null;
    }
    boolean more = header.length() > END;
    if ((more && header.charAt(END) != '-')
        || header.startsWith("ff")
        || (header.startsWith("00") && more)) {
      return null;
    }
    String trace = header.substring(TRACE, PARENT - 1);
    String parent = header.substring(PARENT, FLAGS - 1);
    if (isZero(trace) || isZero(parent)) {
      return null;
    }
    int flags = Integer.parseInt(header, FLAGS, END, 16);
    return new TraceContext(trace, parent, (flags & SAMPLED) != 0);
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(String hex) {
    for (int i = 0; i < hex.length(); i++) {
      if (hex.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
