package io.agentweave.validation;

/**
 * How much JSON is too much.
 *
 * @param bytes of the whole text
 * @param depth of objects and lists within each other
 * @param numberLength characters of one number
 */
public record JsonLimits(int bytes, int depth, int numberLength) {

  /** 4 MiB, 64 levels, 1,000 digits. */
  public static final JsonLimits USUAL = new JsonLimits(4 << 20, 64, 1000);

  /** The usual limits for a text of at most so many bytes. */
  public static JsonLimits ofBytes(int bytes) {
    return new JsonLimits(bytes, USUAL.depth, USUAL.numberLength);
  }
}
