package io.agentweave.local.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A log file that never takes more than twice its limit: a full one is moved aside to {@code
 * NAME.1}, in the place of the one before. Each object copies the output of one process.
 */
final class BoundedLog {
  static final long LIMIT = 8L << 20;

  /** Of a longer line, this many bytes are remembered as the last one. */
  private static final int LONGEST_LINE = 1024;

  /** The process's end closes the pipe under a reader; what it left there can still be read. */
  private static final int READS_AFTER_CLOSE = 3;

  private final Path file;
  private final long limit;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private volatile String lastLine = "";

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
        for (int read = read(source, buffer); read >= 0; read = read(source, buffer)) {
          remember(buffer, read);
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
        endLine();
        if (out != null) {
          out.close();
        }
      }
    } catch (IOException ended) {
      // The process is gone, and its pipe with it.
    }
  }

  /** The last line that was copied and not blank. */
  String lastLine() {
    return lastLine;
  }

  private static int read(InputStream source, byte[] buffer) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        return source.read(buffer);
      } catch (IOException closed) {
        if (attempt == READS_AFTER_CLOSE) {
          throw closed;
        }
      }
    }
  }

  private void remember(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        endLine();
      } else if (line.size() < LONGEST_LINE) {
        line.write(buffer[i]);
      }
    }
  }

  private void endLine() {
    String text = line.toString(StandardCharsets.UTF_8).strip();
    if (!text.isEmpty()) {
      lastLine = text;
    }
    line.reset();
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
