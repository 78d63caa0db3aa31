package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody else on the machine reads payloads, rewrites records, or takes the writer's lock. */
class OwnerOnlyTest {
  @TempDir Path folder;

  /** Where the usual umask would let others in. */
  @BeforeEach
  void openToAll() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void journalsFile_isItsOwnersOnly() throws IOException {
    Path file = folder.resolve("letters.jsonl");
    try (AppendFile journal = AppendFile.open(Disk.local(), file)) {
      journal.append(new byte[] {1, 2, 3}, 0, 3);
    }
    assertThat(rights(file)).isEqualTo("rw-------");
    assertThat(file).hasSize(3);
  }

  @Test
  void directoryAndLock_areTheirOwnersOnly() throws IOException {
    Path directory = folder.resolve("agent/audit");
    DirectoryLock.acquire(directory).close();

    assertThat(rights(directory)).isEqualTo("rwx------");
    assertThat(rights(directory.getParent())).isEqualTo("rwx------");
    assertThat(rights(directory.resolve("lock"))).isEqualTo("rw-------");
  }

  @Test
  void rightsThatTheOwnerGave_stay() throws IOException {
    Path file = Files.createFile(folder.resolve("audit.jsonl"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    AppendFile.open(Disk.local(), file).close();

    assertThat(rights(file)).isEqualTo("rw-r-----");
  }
}
