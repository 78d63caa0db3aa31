package io.agentweave.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A mapped file of the machine's own file system. */
final class LocalMapping implements Disk.MappedFile {
  private static final VarHandle NUMBER =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final Path file;
  private final @Nullable Object key;
  private final Arena arena;
  private final MemorySegment memory;

  private LocalMapping(Path file, @Nullable Object key, Arena arena, MemorySegment memory) {
    this.file = file;
    this.key = key;
    this.arena = arena;
    this.memory = memory;
  }

  static LocalMapping of(Path file, int length) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() < length) {
        throw new IOException(file + " is shorter than what is mapped of it");
      }
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
      return new LocalMapping(file, attributes(file).fileKey(), arena, memory);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  @Override
  public void put(int position, byte[] bytes, int from, int count) throws IOException {
    try {
      MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, position, count);
    } catch (InternalError cutOff) {
      throw gone(cutOff);
    }
  }

  @Override
  public void publish(int position, long number) throws IOException {
    try {
      NUMBER.setRelease(memory, (long) position, number);
    } catch (InternalError cutOff) {
      throw gone(cutOff);
    }
  }

  /** The JVM's answer to the signal that the system sends when there is no page behind a place. */
  private IOException gone(InternalError cutOff) {
    return new IOException(file + " was cut off or can't be written", cutOff);
  }

  @Override
  public boolean isInPlace() {
    try {
      BasicFileAttributes now = attributes(file);
      return now.size() >= memory.byteSize() && Objects.equals(now.fileKey(), key);
    } catch (IOException absent) {
      return false;
    }
  }

  @Override
  public void force() throws IOException {
    try {
      memory.force();
    } catch (java.io.UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
