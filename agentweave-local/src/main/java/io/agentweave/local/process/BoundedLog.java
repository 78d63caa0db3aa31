package io.agentweave.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A log file that never takes more than twice its limit: a full one is moved aside to {@code
 * NAME.1}, in the place of the one before.
 */
final class BoundedLog {
  static final long LIMIT = 8L << 20;

  private final Path file;
  private final long limit;

  BoundedLog(Path file, long limit) {
    this.file = file;
    this.limit = limit;
  }

  /**
   * Copies {@code source} to its end. Goes on reading when the file can't be written, because a
   * process whose output nobody reads stands still.
   */
  void copy(InputStream source) {
    byte[] buffer = new byte[16 * 1024];
    try (source) {
      OutputStream out = null;
      try {
        long size = Files.exists(file) ? Files.size(file) : 0;
        for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
          try {
            if (out == null || size >= limit) {
              out = reopen(out, size);
              size = Files.size(file);
            }
            out.write(buffer, 0, read);
            size += read;
          } catch (IOException full) {
            size += read;
          }
        }
      } finally {
        if (out != null) {
          out.close();
        }
      }
    } catch (IOException ended) {
      // The process is gone, and its pipe with it.
    }
  }

  private OutputStream reopen(@Nullable OutputStream old, long size) throws IOException {
    if (old != null) {
      old.close();
    }
    if (size >= limit) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
