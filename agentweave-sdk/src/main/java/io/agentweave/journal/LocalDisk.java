package io.agentweave.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files of the machine's own file system.
 *
 * <p>Writes do not go through {@link FileChannel}: it closes itself for everybody when one writing
 * thread is interrupted, and calls are interrupted when their deadline passes.
 */
final class LocalDisk implements Disk {

  @Override
  public OpenFile open(Path file) throws IOException {
    OwnerOnly.file(file);
    return new LocalFile(file, new RandomAccessFile(file.toFile(), "rw"));
  }

  @Override
  public void replace(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    // An interrupt closes only this channel, and must not look like a fault of the disk.
    boolean interrupted = Thread.interrupted();
    try {
      while (!forced(directory)) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean forced(Path directory) throws IOException {
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
      return true;
    } catch (ClosedByInterruptException again) {
      return false;
    }
  }

  @Override
  public MappedFile map(Path file, int length) throws IOException {
    return LocalMapping.of(file, length);
  }

  /** For one thread at a time. */
  private static final class LocalFile implements OpenFile {
    private final Path path;
    private final RandomAccessFile file;

    /** Where the file's pointer stands; negative when that is unknown. */
    private long pointer = -1;

    private LocalFile(Path path, RandomAccessFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void write(long position, byte[] bytes, int from, int count) throws IOException {
      seek(position);
      file.write(bytes, from, count);
      pointer = position + count;
    }

    @Override
    public void read(long position, byte[] bytes, int from, int count) throws IOException {
      seek(position);
      file.readFully(bytes, from, count);
      pointer = position + count;
    }

    /** Most writes go on where the last one ended, and need no call of the system for that. */
    private void seek(long position) throws IOException {
      if (position != pointer) {
        file.seek(position);
      }
      pointer = -1;
    }

    @Override
    public void truncate(long length) throws IOException {
      file.setLength(length);
      pointer = -1;
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void release(long from, long to) {
      PageCache.release(path, from, to);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
