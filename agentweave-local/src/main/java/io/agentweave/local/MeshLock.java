package io.agentweave.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a mesh in a folder: an exclusive lock on a file, which ends with its process
 * whatever happens to it. The file itself is removed at the end.
 */
final class MeshLock implements AutoCloseable {
  /**
   * What this process holds. Opening a locked file a second time in one process and closing it
   * would release the lock (POSIX {@code fcntl}), so it is never opened twice.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private MeshLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock; empty when somebody has it. */
  static Optional<MeshLock> tryAcquire(Path file) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    synchronized (HELD) {
      if (!HELD.add(path)) {
        return Optional.empty();
      }
      Optional<FileChannel> channel = Optional.empty();
      try {
        channel = lock(path);
      } finally {
        if (channel.isEmpty()) {
          HELD.remove(path);
        }
      }
      return channel.map(locked -> new MeshLock(path, locked));
    }
  }

  private static Optional<FileChannel> lock(Path path) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean keep = false;
      try {
        Object opened = key(path);
        if (channel.tryLock() == null) {
          return Optional.empty();
        }
        // Whoever had the lock may have removed the file just now; then this lock is on nothing.
        if (opened != null && Objects.equals(opened, key(path))) {
          keep = true;
          return Optional.of(channel);
        }
      } finally {
        if (!keep) {
          channel.close();
        }
      }
    }
  }

  private static @Nullable Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException removed) {
      return null;
    }
  }

  /** Removes the file and gives the lock back. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (!channel.isOpen()) {
        return;
      }
      try {
        Files.deleteIfExists(file);
        channel.close();
      } catch (IOException gone) {
        // The lock ends with the process at the latest.
      } finally {
        HELD.remove(file);
      }
    }
  }
}
