package io.agentweave.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads files that somebody else may have put there. A pipe would be waited for without end, a
 * device or a file of any size read until the memory is full: each is refused by name.
 */
public final class PlainFile {
  private PlainFile() {}

  /**
   * The whole content.
   *
   * @throws IOException also when it is no plain file or has more than {@code mostBytes}
   */
  public static byte[] read(Path file, int mostBytes) throws IOException {
    try (InputStream in = open(file)) {
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw new IOException(file + " has more than " + mostBytes + " bytes");
      }
      return bytes;
    }
  }

  /**
   * Opens it for reading.
   *
   * @throws IOException also when it is no plain file
   */
  public static InputStream open(Path file) throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw new IOException(file + " is not a plain file");
    }
    return Files.newInputStream(file);
  }
}
