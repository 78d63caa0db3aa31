package io.agentweave.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What a gzip file holds (RFC 1952): one member after another, with nothing but zeros between and
 * behind them. {@link java.util.zip.GZIPInputStream} takes whatever comes after the first member
 * and is no member for the end of the file, and so loses the rest of a damaged one without a word.
 *
 * <p>Ends in the middle are an {@link EOFException}, all other damage is a {@link ZipException}.
 */
final class GzipMembers extends InputStream {
  static final int FIRST = 0x1f;
  static final int SECOND = 0x8b;

  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final byte[] buffer;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 contentCrc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private int from;
  private int to;
  private boolean open;
  private boolean ended;

  /** Begins with a member. */
  GzipMembers(InputStream in, int bufferBytes) throws IOException {
    this.in = in;
    this.buffer = new byte[bufferBytes];
    readHeader(next());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (!open) {
        nextMember();
        continue;
      }
      int count = inflate(target, offset, length);
      if (count > 0) {
        contentCrc.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        readTrailer();
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      if (inflater.needsInput() && !inflater.finished()) {
        if (from == to && !fill()) {
          throw new EOFException("within a member");
        }
        inflater.setInput(buffer, from, to - from);
      }
      int count = inflater.inflate(target, offset, length);
      from = to - inflater.getRemaining();
      if (count == 0 && inflater.needsDictionary()) {
        throw new ZipException("a preset dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException(String.valueOf(e.getMessage()));
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void nextMember() throws IOException {
    int first;
    do {
      if (from == to && !fill()) {
        ended = true;
        return;
      }
      first = next();
    } while (first == 0);
    readHeader(first);
  }

  private void readHeader(int first) throws IOException {
    headerCrc.reset();
    headerCrc.update(first);
    if (first != FIRST || header() != SECOND || header() != DEFLATE) {
      throw new ZipException("not a gzip member");
    }
    int flags = header();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("reserved flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(header() | header() << 8);
    }
    skipTexts(Integer.bitCount(flags & (NAME | COMMENT)));
    if ((flags & HEADER_CRC) != 0) {
      int expected = (int) headerCrc.getValue() & 0xffff;
      if ((next() | next() << 8) != expected) {
        throw new ZipException("the checksum of a header differs");
      }
    }
    inflater.reset();
    contentCrc.reset();
    open = true;
  }

  private int header() throws IOException {
    int value = next();
    headerCrc.update(value);
    return value;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      header();
    }
  }

  /** Each ends with a zero. */
  private void skipTexts(int texts) throws IOException {
    int left = texts;
    while (left > 0) {
      if (header() == 0) {
        left--;
      }
    }
  }

  private void readTrailer() throws IOException {
    if (number() != contentCrc.getValue()
        || number() != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new ZipException("the checksum or the size of a member differs");
    }
    open = false;
  }

  private long number() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) next() << shift;
    }
    return value;
  }

  private int next() throws IOException {
    if (from == to && !fill()) {
      throw new EOFException("within a member");
    }
    return buffer[from++] & 0xff;
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(buffer));
    return to > 0;
  }

  @Override
  public void close() throws IOException {
    ended = true;
    inflater.close();
    in.close();
  }
}
