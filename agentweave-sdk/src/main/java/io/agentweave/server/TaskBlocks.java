package io.agentweave.server;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes in blocks of one size that are made once and used again. To a garbage collector they are a
 * few old arrays, whatever comes and goes in them. Not safe for use by many threads.
 */
final class TaskBlocks {
  /** In place of a block: there are no bytes. */
  static final int NONE = -1;

  private static final int BLOCK = 256;
  private static final int BLOCKS_OF_A_CHUNK = 256;

  private byte[][] chunks = {};

  /** Of each block the next one of the same bytes, or the next free one. */
  private int[] next = {};

  private int free = NONE;

  /** How much of the blocks so many bytes take. */
  static long room(int bytes) {
    return (bytes + BLOCK - 1L) / BLOCK * BLOCK;
  }

  /** Keeps a copy. Returns its first block. */
  int put(ByteString bytes) {
    ByteBuffer left = bytes.asReadOnlyByteBuffer();
    int first = NONE;
    int last = NONE;
    while (left.hasRemaining()) {
      int block = take();
      left.get(chunk(block), offset(block), Math.min(BLOCK, left.remaining()));
      if (last == NONE) {
        first = block;
      } else {
        next[last] = block;
      }
      last = block;
    }
    return first;
  }

  /** The bytes that were put. */
  byte[] get(int first, int size) {
    byte[] bytes = new byte[size];
    int block = first;
    for (int from = 0; from < size; from += BLOCK) {
      System.arraycopy(chunk(block), offset(block), bytes, from, Math.min(BLOCK, size - from));
      block = next[block];
    }
    return bytes;
  }

  /** Makes room for others. */
  void free(int first) {
    int block = first;
    while (block != NONE) {
      int after = next[block];
      next[block] = free;
      free = block;
      block = after;
    }
  }

  private int take() {
    if (free == NONE) {
      grow();
    }
    int taken = free;
    free = next[taken];
    next[taken] = NONE;
    return taken;
  }

  private void grow() {
    int before = next.length;
    chunks = Arrays.copyOf(chunks, chunks.length + 1);
    chunks[chunks.length - 1] = new byte[BLOCK * BLOCKS_OF_A_CHUNK];
    next = Arrays.copyOf(next, before + BLOCKS_OF_A_CHUNK);
    for (int block = next.length - 1; block >= before; block--) {
      next[block] = free;
      free = block;
    }
  }

  private byte[] chunk(int block) {
    return chunks[block / BLOCKS_OF_A_CHUNK];
  }

  private static int offset(int block) {
    return block % BLOCKS_OF_A_CHUNK * BLOCK;
  }
}
