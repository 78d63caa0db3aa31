package io.agentweave.journal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes files and folders that only their owner may use, whatever the process's umask: what is in
 * them is payloads and the record of who did what. What is there already keeps the rights that
 * somebody gave it.
 */
final class OwnerOnly {
  private OwnerOnly() {}

  /** Makes the file when it is absent. */
  static void file(Path file) throws IOException {
    if (!Files.exists(file) && hasRights(file)) {
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } catch (FileAlreadyExistsException meanwhile) {
        // Then it is not ours to make.
      }
    }
  }

  /** Makes the folder and its parents as far as they are absent. */
  static void folder(Path folder) throws IOException {
    if (hasRights(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  private static boolean hasRights(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
