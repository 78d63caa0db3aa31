package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code traceparent} header (W3C Trace Context level 1, section 3.2). */
public final class TraceParent {
  private static final int SAMPLED = 1;
  private static final int LONGEST = 512;
  private static final Pattern SYNTAX =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private TraceParent() {}

  /**
   * The place in the trace that a header names; null when it is absent or malformed, and then a new
   * trace starts. A version above 00 may carry more after its flags, which is ignored.
   */
  public static @Nullable TraceContext parse(@Nullable String header) {
    if (header == null || header.length() > LONGEST) {
      return null;
    }
    Matcher parts = SYNTAX.matcher(header);
    if (!parts.matches()) {
      return null;
    }
    String version = parts.group(1);
    boolean more = parts.group(5) != null;
    if (version.equals("ff")
        || (version.equals("00") && more)
        || isZero(parts.group(2))
        || isZero(parts.group(3))) {
      return null;
    }
    int flags = Integer.parseInt(parts.group(4), 16);
    return new TraceContext(parts.group(2), parts.group(3), (flags & SAMPLED) != 0);
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
