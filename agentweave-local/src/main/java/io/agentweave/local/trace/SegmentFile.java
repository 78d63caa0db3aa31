package io.agentweave.local.trace;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * One file of the trace store: records one after the other, each a four-byte length and so many
 * bytes. A record that was not written to its end is the last one and is not read.
 */
final class SegmentFile implements AutoCloseable {
  private static final int LONGEST_RECORD = 64 << 20;

  private final FileChannel channel;
  private long size;

  private SegmentFile(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  static SegmentFile create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new SegmentFile(channel, 0);
  }

  long size() {
    return size;
  }

  /** Appends one record, or nothing of it. */
  void append(byte[] record) throws IOException {
    ByteBuffer both = ByteBuffer.allocate(Integer.BYTES + record.length);
    both.putInt(record.length).put(record).flip();
    try {
      while (both.hasRemaining()) {
        channel.write(both, size + both.position());
      }
      size += both.limit();
    } catch (IOException failed) {
      channel.truncate(size);
      throw failed;
    }
  }

  /** Gives each complete record to {@code reader}. */
  static void read(Path file, Consumer<byte[]> reader) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      while (true) {
        int length = in.readInt();
        if (length < 0 || length > LONGEST_RECORD) {
          return;
        }
        byte[] record = in.readNBytes(length);
        if (record.length < length) {
          return;
        }
        reader.accept(record);
      }
    } catch (EOFException end) {
      // The usual end: there is no length any more, or only part of one.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
