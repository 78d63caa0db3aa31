package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody put in place of a file costs neither time nor memory. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlainFileTest {
  @TempDir Path folder;

  /** Makes a named pipe that nobody writes to: whoever opens it waits for ever. */
  private static Path pipe(Path path) throws IOException, InterruptedException {
    Process made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
    assertThat(made.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).isZero();
    return path;
  }

  @Test
  void aPipe_isRefused() throws Exception {
    Path pipe = pipe(folder.resolve("pipe"));

    assertThatThrownBy(() -> PlainFile.read(pipe, 100))
        .isInstanceOf(IOException.class)
        .hasMessage(pipe + " is not a plain file");
    assertThatThrownBy(() -> PlainFile.open(pipe)).isInstanceOf(IOException.class);
  }

  @Test
  void aDeviceAndAFolder_areRefused() {
    assertThatThrownBy(() -> PlainFile.read(Path.of("/dev/zero"), 100))
        .hasMessage("/dev/zero is not a plain file");
    assertThatThrownBy(() -> PlainFile.read(folder, 100))
        .hasMessage(folder + " is not a plain file");
  }

  @Test
  void aFileThatIsNotThere_isNamed() {
    assertThatThrownBy(() -> PlainFile.read(folder.resolve("none"), 100))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }

  @Test
  void whatIsTooLarge_isRefused_upToThere_itIsRead() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[100]);

    assertThat(PlainFile.read(file, 100)).hasSize(100);
    assertThatThrownBy(() -> PlainFile.read(file, 99)).hasMessage(file + " has more than 99 bytes");
  }
}
