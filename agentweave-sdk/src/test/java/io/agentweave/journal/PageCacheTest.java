package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class PageCacheTest {
  private static final int BYTES = 1 << 20;

  @TempDir Path directory;

  @Test
  void whatIsForced_isForgotten_andStillThere() throws IOException {
    byte[] bytes = new byte[BYTES];
    new Random(1).nextBytes(bytes);
    Path file = directory.resolve("log");
    boolean inMemoryOnly = Files.getFileStore(directory).type().equals("tmpfs");
    try (var log = Disk.local().open(file)) {
      log.write(0, bytes, 0, BYTES);
      log.force();
      assertThat(isInMemory(file)).isTrue();

      log.release(0, BYTES);

      assertThat(PageCache.isWithinReach()).isTrue();
      assertThat(isInMemory(file)).isEqualTo(inMemoryOnly);
      assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
  }

  private static boolean isInMemory(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, BYTES).isLoaded();
    }
  }

  /** Somebody who may write there has put something else in the log's place. */
  @Test
  @Timeout(20)
  void whatIsNoFile_orNotThere_holdsNobodyUp() throws IOException, InterruptedException {
    Path pipe = directory.resolve("pipe");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();

    PageCache.release(pipe, 0, BYTES);
    PageCache.release(directory, 0, BYTES);
    PageCache.release(directory.resolve("gone"), 0, BYTES);
  }
}
