package io.agentweave.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
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
    return new LocalFile(new RandomAccessFile(file.toFile(), "rw"));
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
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private record LocalFile(RandomAccessFile file) implements OpenFile {

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void write(long position, byte[] bytes, int from, int count) throws IOException {
      file.seek(position);
      file.write(bytes, from, count);
    }

    @Override
    public void read(long position, byte[] bytes, int from, int count) throws IOException {
      file.seek(position);
      file.readFully(bytes, from, count);
    }

    @Override
    public void truncate(long length) throws IOException {
      file.setLength(length);
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
