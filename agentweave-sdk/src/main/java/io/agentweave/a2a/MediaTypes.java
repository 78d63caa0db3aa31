package io.agentweave.a2a;

import java.util.Locale;

/**
 * Compares media types (RFC 9110 section 8.3.1): the case of their letters does not matter, and
 * parameters such as {@code charset} do not make another type.
 */
public final class MediaTypes {
  private static final String ANY = "*/*";
  private static final String ANY_SUBTYPE = "/*";

  private MediaTypes() {}

  public static boolean same(String one, String other) {
    return one.equals(other) || bare(one).equals(bare(other));
  }

  /**
   * Whether {@code range}, as in {@code application/*}, takes in {@code mediaType}.
   *
   * @param range a media type, or one with stars for its subtype or for all of it
   */
  public static boolean matches(String range, String mediaType) {
    String wanted = bare(range);
    String found = bare(mediaType);
    return wanted.equals(ANY)
        || wanted.equals(found)
        || (wanted.endsWith(ANY_SUBTYPE)
            && found.startsWith(wanted.substring(0, wanted.length() - 1)));
  }

  private static String bare(String mediaType) {
    int parameters = mediaType.indexOf(';');
    String type = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }
}
