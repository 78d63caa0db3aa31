package io.agentweave.identity;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of a workload, such as {@code spiffe://agentweave.io/agent/ingester}: exactly as the
 * SPIFFE-ID specification writes it (section 2), never normalised.
 *
 * <p>A workload's ID has a path: the bare trust domain is no workload and is refused here.
 */
public final class SpiffeId {
  /** SPIFFE-ID section 2.3. */
  static final int MAX_BYTES = 2048;

  private static final String SCHEME = "spiffe://";
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

  private final TrustDomain trustDomain;
  private final String path;
  private final List<String> segments;
  private final String text;

  private SpiffeId(TrustDomain trustDomain, String path, List<String> segments, String text) {
    this.trustDomain = trustDomain;
    this.path = path;
    this.segments = segments;
    this.text = text;
  }

  /** Throws {@link IllegalArgumentException} that names the rule {@code text} breaks. */
  public static SpiffeId parse(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("a SPIFFE ID has at most " + MAX_BYTES + " bytes");
    }
    if (!text.startsWith(SCHEME)) {
      throw new IllegalArgumentException("a SPIFFE ID starts with " + SCHEME);
    }
    int slash = text.indexOf('/', SCHEME.length());
    if (slash < 0) {
      throw new IllegalArgumentException("a workload's SPIFFE ID has a path");
    }
    TrustDomain trustDomain = new TrustDomain(text.substring(SCHEME.length(), slash));
    String path = text.substring(slash);
    List<String> segments = List.of(path.substring(1).split("/", -1));
    for (String segment : segments) {
      if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException(
            "each path segment of a SPIFFE ID has one or more of a-z A-Z 0-9 . - _"
                + " and is neither . nor ..");
      }
    }
    return new SpiffeId(trustDomain, path, segments, text);
  }

  public TrustDomain trustDomain() {
    return trustDomain;
  }

  /** Starts with a slash. */
  public String path() {
    return path;
  }

  /** What stands between the slashes of the path. */
  public List<String> segments() {
    return segments;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpiffeId that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The ID as it is written. */
  @Override
  public String toString() {
    return text;
  }
}
