package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path directory;

  @Test
  void secondWriterInThisProcess_isRefusedAndDoesNotLoosenTheFirst() throws IOException {
    try (DirectoryLock held = DirectoryLock.acquire(directory)) {
      assertThatThrownBy(() -> DirectoryLock.acquire(directory))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThatThrownBy(() -> DirectoryLock.acquire(directory.resolve(".")))
          .isInstanceOf(DirectoryInUseException.class);
      assertThat(held).isNotNull();
    }
  }

  @Test
  void secondProcess_isRefusedWithTheNumberOfTheFirst() throws Exception {
    try (DirectoryLock held = DirectoryLock.acquire(directory)) {
      Process other = ChildJvm.start(Locker.class, directory.toString());
      String said =
          new String(
              other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

      assertThat(other.waitFor()).isEqualTo(3);
      assertThat(said).contains("is in use by process " + ProcessHandle.current().pid());
      assertThat(held).isNotNull();
    }
  }

  @Test
  void closedLock_isFreeForTheNext() throws IOException {
    DirectoryLock.acquire(directory).close();
    DirectoryLock.acquire(directory).close();
  }

  /** Exits with 3 when the directory is taken. */
  static final class Locker {
    public static void main(String[] args) throws IOException {
      try (DirectoryLock lock = DirectoryLock.acquire(Path.of(args[0]))) {
        System.out.println("got it: " + (lock != null));
      } catch (DirectoryInUseException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }
}
