package io.agentweave.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The local disk, with somebody who is told before, in the middle of, and after each change. Forces
 * nothing: the death of a process takes nothing away that the system has.
 */
public final class WatchedDisk implements Disk {

  /** Is told of the file that is about to change, has changed in part, or has changed. */
  @FunctionalInterface
  public interface Watcher {
    void at(Path file) throws IOException;
  }

  private final Disk local = Disk.local();
  private final Watcher watcher;

  public WatchedDisk(Watcher watcher) {
    this.watcher = watcher;
  }

  @Override
  public OpenFile open(Path file) throws IOException {
    watcher.at(file);
    return new WatchedFile(file, local.open(file));
  }

  @Override
  public MappedFile map(Path file, int length) throws IOException {
    return new WatchedMapping(file, local.map(file, length));
  }

  @Override
  public void replace(Path source, Path target) throws IOException {
    watcher.at(target);
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    watcher.at(target);
  }

  @Override
  public void forceDirectory(Path directory) {}

  private final class WatchedFile implements OpenFile {
    private final Path path;
    private final OpenFile file;

    WatchedFile(Path path, OpenFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void write(long position, byte[] bytes, int from, int count) throws IOException {
      int half = count / 2;
      file.write(position, bytes, from, half);
      watcher.at(path);
      file.write(position + half, bytes, from + half, count - half);
      watcher.at(path);
    }

    @Override
    public void read(long position, byte[] bytes, int from, int count) throws IOException {
      file.read(position, bytes, from, count);
    }

    @Override
    public void truncate(long length) throws IOException {
      watcher.at(path);
      file.truncate(length);
      watcher.at(path);
    }

    @Override
    public void force() {}

    @Override
    public void release(long from, long to) {
      file.release(from, to);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final class WatchedMapping implements MappedFile {
    private final Path path;
    private final MappedFile file;

    WatchedMapping(Path path, MappedFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void put(int position, byte[] bytes, int from, int count) throws IOException {
      int half = count / 2;
      file.put(position, bytes, from, half);
      watcher.at(path);
      file.put(position + half, bytes, from + half, count - half);
      watcher.at(path);
    }

    @Override
    public void publish(int position, long number) throws IOException {
      file.publish(position, number);
      watcher.at(path);
    }

    @Override
    public boolean isInPlace() {
      return file.isInPlace();
    }

    @Override
    public void force() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
