package io.agentweave.identity;

import java.util.regex.Pattern;

/**
 * The name of a SPIFFE trust domain (SPIFFE-ID section 2.1): lower-case letters, digits, dots,
 * dashes and underscores, at most 255 bytes.
 */
public record TrustDomain(String name) {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9._-]{1,255}");

  /** Throws {@link IllegalArgumentException} when the name breaks the rule above. */
  public TrustDomain {
    if (!ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a trust domain has 1 to 255 of the characters a-z 0-9 . - _, found a name of "
              + name.length()
              + " characters that does not fit");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
