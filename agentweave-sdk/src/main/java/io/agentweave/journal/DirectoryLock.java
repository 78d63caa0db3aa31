package io.agentweave.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The right to be the only writer in a directory. The system takes it back when a process dies. */
public final class DirectoryLock implements Closeable {
  private static final String NAME = "lock";

  /**
   * The directories that this process holds. Asking the system is not enough: POSIX gives a lock to
   * a process that has it already, and closing the second handle would give up the first one's.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Makes the directory when it is absent, and locks it.
   *
   * @throws DirectoryInUseException when another writer has it
   */
  public static DirectoryLock acquire(Path directory) throws IOException {
    OwnerOnly.folder(directory);
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new DirectoryInUseException(directory, Long.toString(ProcessHandle.current().pid()));
    }
    FileChannel channel = null;
    try {
      OwnerOnly.file(real.resolve(NAME));
      channel =
          FileChannel.open(
              real.resolve(NAME),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DirectoryInUseException(directory, holder(channel));
      }
      signInto(channel);
      return new DirectoryLock(real, channel);
    } catch (IOException | RuntimeException e) {
      giveUp(real, channel);
      throw e;
    }
  }

  private static void signInto(FileChannel channel) throws IOException {
    try {
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
    } catch (IOException diskFull) {
      // The lock itself is held; only its holder's number is missing from messages.
      channel.truncate(0);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    int read = channel.read(pid, 0);
    String text = read <= 0 ? "" : new String(pid.array(), 0, read, StandardCharsets.US_ASCII);
    return text.matches("[0-9]+") ? text : "unknown";
  }

  private static void giveUp(Path real, @Nullable FileChannel channel) throws IOException {
    HELD.remove(real);
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      HELD.remove(directory);
    }
  }
}
