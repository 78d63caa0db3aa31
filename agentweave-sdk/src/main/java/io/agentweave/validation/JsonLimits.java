package io.agentweave.validation;

/**
 * How much JSON is too much.
 *
 * @param bytes of the whole text
 * @param depth of objects and lists within each other
 * @param numberLength characters of one number
 * @param treeBytes of the heap that its tree may take, by a generous estimate
 */
public record JsonLimits(int bytes, int depth, int numberLength, long treeBytes) {
  private static final int LEAST_TREE = 16 << 20;

  /** A tree of ordinary members takes less than this for each byte of text. */
  private static final int TREE_FOR_BYTE = 4;

  /** With four bytes of tree for each of text, and never less than 16 MiB. */
  public JsonLimits(int bytes, int depth, int numberLength) {
    this(bytes, depth, numberLength, Math.max(LEAST_TREE, (long) TREE_FOR_BYTE * bytes));
  }

  /** 4 MiB, 64 levels, 1,000 digits. */
  public static final JsonLimits USUAL = new JsonLimits(4 << 20, 64, 1000);

  /** The usual limits for a text of at most so many bytes. */
  public static JsonLimits ofBytes(int bytes) {
    return new JsonLimits(bytes, USUAL.depth, USUAL.numberLength);
  }
}
