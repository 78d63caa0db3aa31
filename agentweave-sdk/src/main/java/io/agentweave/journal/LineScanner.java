package io.agentweave.journal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * The lines of a file as bytes, one at a time. A line ends with a line feed; an over-long one is
 * shown cut off, so that memory stays bounded whatever the file holds.
 */
public final class LineScanner implements Closeable {
  private final InputStream in;
  private final int longest;
  private final byte[] chunk = new byte[1 << 16];
  private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
  private int position;
  private int filled;

  private byte[] shown = chunk;
  private int start;
  private int end;
  private long offset;
  private long length;
  private boolean terminated;

  /**
   * Closes {@code in} when closed.
   *
   * @param offset where in the file {@code in} stands
   * @param longest the most bytes of a line that are shown
   */
  public LineScanner(InputStream in, long offset, int longest) {
    this.in = in;
    this.offset = offset;
    this.longest = longest;
  }

  /** Goes to the next line; false at the end. */
  public boolean next() throws IOException {
    offset += length + (terminated ? 1 : 0);
    length = 0;
    terminated = false;
    pieces.reset();
    while (position < filled || fill()) {
      int feed = indexOfFeed();
      terminated = feed >= 0;
      int stop = terminated ? feed : filled;
      int from = position;
      position = terminated ? stop + 1 : stop;
      length += stop - from;
      if (terminated && length == stop - from && length <= longest) {
        show(chunk, from, stop);
        return true;
      }
      pieces.write(chunk, from, Math.min(stop - from, longest - pieces.size()));
      if (terminated) {
        break;
      }
    }
    show(pieces.toByteArray(), 0, pieces.size());
    return terminated || length > 0;
  }

  private void show(byte[] array, int from, int to) {
    shown = array;
    start = from;
    end = to;
  }

  private int indexOfFeed() {
    for (int i = position; i < filled; i++) {
      if (chunk[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private boolean fill() throws IOException {
    position = 0;
    filled = Math.max(0, in.read(chunk, 0, chunk.length));
    return filled > 0;
  }

  /** The array that holds the line from {@link #start} to {@link #end}; changes with the next. */
  public byte[] buffer() {
    return shown;
  }

  public int start() {
    return start;
  }

  /** Behind the last byte that is shown; the line feed is not part of the line. */
  public int end() {
    return end;
  }

  /** Where in the file the line begins. */
  public long offset() {
    return offset;
  }

  /** The whole length of the line, which may be more than is shown. */
  public long length() {
    return length;
  }

  /** Whether it ended with a line feed; only the last line of a file may not. */
  public boolean terminated() {
    return terminated;
  }

  /** Whether the line is longer than what is shown of it. */
  public boolean tooLong() {
    return length > end - start;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
