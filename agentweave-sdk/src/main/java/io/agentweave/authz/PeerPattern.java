package io.agentweave.authz;

import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import java.util.List;

/**
 * A set of SPIFFE IDs, written as one: {@code spiffe://agentweave.io/agent/*}.
 *
 * <p>A {@code *} stands for exactly one path segment, a trailing {@code /**} for one or more. The
 * trust domain is literal, nothing crosses it.
 */
public final class PeerPattern {
  private static final String SCHEME = "spiffe://";

  private final TrustDomain trustDomain;
  private final List<String> segments;
  private final boolean openEnded;
  private final String text;

  private PeerPattern(
      TrustDomain trustDomain, List<String> segments, boolean openEnded, String text) {
    this.trustDomain = trustDomain;
    this.segments = segments;
    this.openEnded = openEnded;
    this.text = text;
  }

  /** Throws {@link IllegalArgumentException} that names the rule {@code text} breaks. */
  public static PeerPattern parse(String text) {
    boolean openEnded = text.endsWith("/**");
    String prefix = openEnded ? text.substring(0, text.length() - 3) : text;
    int slash = prefix.indexOf('/', SCHEME.length());
    if (!prefix.startsWith(SCHEME) || (slash < 0 && !openEnded)) {
      throw new IllegalArgumentException(
          "a peer pattern is a SPIFFE ID in which a path segment may be *,"
              + " and which may end in /**");
    }
    String domain = prefix.substring(SCHEME.length(), slash < 0 ? prefix.length() : slash);
    TrustDomain trustDomain = new TrustDomain(domain);
    List<String> segments =
        slash < 0 ? List.of() : List.of(prefix.substring(slash + 1).split("/", -1));
    for (String segment : segments) {
      if (!segment.equals("*")) {
        SpiffeId.parse(SCHEME + domain + "/" + segment);
      }
    }
    return new PeerPattern(trustDomain, segments, openEnded, text);
  }

  public boolean matches(SpiffeId id) {
    if (!id.trustDomain().equals(trustDomain)) {
      return false;
    }
    List<String> path = id.segments();
    if (openEnded ? path.size() <= segments.size() : path.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (!segments.get(i).equals("*") && !segments.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return text;
  }
}
