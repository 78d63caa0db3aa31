package io.agentweave.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The local disk with the faults of a real one, switched on at will: it fills up (what still fits
 * is written, as the kernel does), refuses to force, to truncate, or to be written through memory.
 */
public final class FaultyDisk implements Disk {
  private final Disk local = Disk.local();
  private final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
  private volatile boolean refusesForce;
  private volatile boolean refusesTruncate;
  private volatile boolean refusesPuts;
  private volatile boolean failsAfterReplace;
  private volatile Runnable beforePut = () -> {};
  private volatile Runnable beforeWrite = () -> {};
  private volatile Runnable beforeForce = () -> {};
  private final AtomicInteger forces = new AtomicInteger();
  private final AtomicLong released = new AtomicLong();

  public void leaveFree(long bytes) {
    freeBytes.set(bytes);
  }

  public void refuseForce(boolean refuses) {
    refusesForce = refuses;
  }

  public void refuseTruncate(boolean refuses) {
    refusesTruncate = refuses;
  }

  /** A file has taken the place of another one, but what comes after that fails. */
  public void failAfterReplace(boolean fails) {
    failsAfterReplace = fails;
  }

  public void refusePuts(boolean refuses) {
    refusesPuts = refuses;
  }

  /** Runs on the thread that writes through memory, each time before it does. */
  public void beforePut(Runnable action) {
    beforePut = action;
  }

  /** Runs on the thread that writes to a file, each time before it does. */
  public void beforeWrite(Runnable action) {
    beforeWrite = action;
  }

  /** Runs on the thread that forces a file to the disk, each time before it does. */
  public void beforeForce(Runnable action) {
    beforeForce = action;
  }

  /** Bytes that the system was told to forget. */
  public long released() {
    return released.get();
  }

  public int forces() {
    return forces.get();
  }

  @Override
  public OpenFile open(Path file) throws IOException {
    return new FaultyFile(local.open(file));
  }

  @Override
  public MappedFile map(Path file, int length) throws IOException {
    return new FaultyMapping(local.map(file, length));
  }

  @Override
  public void replace(Path source, Path target) throws IOException {
    local.replace(source, target);
    if (failsAfterReplace) {
      throw new IOException("Too many open files");
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    local.forceDirectory(directory);
  }

  private final class FaultyFile implements OpenFile {
    private final OpenFile file;

    FaultyFile(OpenFile file) {
      this.file = file;
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void write(long position, byte[] bytes, int from, int count) throws IOException {
      beforeWrite.run();
      int fits = (int) Math.min(count, freeBytes.get());
      file.write(position, bytes, from, fits);
      freeBytes.addAndGet(-fits);
      if (fits < count) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void read(long position, byte[] bytes, int from, int count) throws IOException {
      file.read(position, bytes, from, count);
    }

    @Override
    public void truncate(long length) throws IOException {
      if (refusesTruncate) {
        throw new IOException("Input/output error");
      }
      file.truncate(length);
    }

    @Override
    public void force() throws IOException {
      beforeForce.run();
      if (refusesForce) {
        throw new IOException("Input/output error");
      }
      file.force();
      forces.incrementAndGet();
    }

    @Override
    public void release(long from, long to) {
      released.addAndGet(to - from);
      file.release(from, to);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final class FaultyMapping implements MappedFile {
    private final MappedFile file;

    FaultyMapping(MappedFile file) {
      this.file = file;
    }

    @Override
    public void put(int position, byte[] bytes, int from, int count) throws IOException {
      beforePut.run();
      file.put(position, bytes, from, refusesPuts ? count / 2 : count);
      if (refusesPuts) {
        throw new IOException("Input/output error");
      }
    }

    @Override
    public void publish(int position, long number) throws IOException {
      file.publish(position, number);
    }

    @Override
    public boolean isInPlace() {
      return file.isInPlace();
    }

    @Override
    public void force() throws IOException {
      if (refusesForce) {
        throw new IOException("Input/output error");
      }
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
