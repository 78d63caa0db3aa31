package io.agentweave.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * A file of events, one JSON object a line, plain or gzip (told by its first bytes). Blank lines
 * are passed over; the bytes of the others are kept as they are, unless there are so many that no
 * agent would take them.
 */
final class EventFile {
  private static final int BUFFER_BYTES = 1 << 16;

  /** No agent can be told to take a longer one: its bytes are counted and left out. */
  static final int LONGEST_LINE = 16 << 20;

  /** What a line costs besides its bytes. */
  private static final int LINE_OVERHEAD = 64;

  private EventFile() {}

  /**
   * All lines of {@code file}, without their ends.
   *
   * @throws Unreadable in one sentence, when the file is missing, is no file, or ends in the middle
   */
  static List<EventLine> lines(Path file) throws Unreadable {
    List<EventLine> lines = new ArrayList<>();
    try (InputStream in = open(file)) {
      split(in, lines, Runtime.getRuntime().maxMemory() / 2);
    } catch (NoSuchFileException e) {
      throw new Unreadable("there is no file " + file, e);
    } catch (EOFException e) {
      throw new Unreadable(
          file + " is cut off: its gzip stream ends after " + lines.size() + " whole lines", e);
    } catch (ZipException e) {
      throw new Unreadable(
          file
              + " is damaged: its gzip stream can't be read after "
              + lines.size()
              + " whole lines",
          e);
    } catch (IOException e) {
      throw new Unreadable(file + " can't be read: " + e.getMessage(), e);
    }
    return lines;
  }

  /** A small file may unpack to any size. */
  static void split(InputStream in, List<EventLine> lines, long mostBytes) throws IOException {
    long left = mostBytes;
    long number = 1;
    long size = 0;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i < read; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, from, i - from);
          size += i - from;
          from = i + 1;
          left -= size + LINE_OVERHEAD;
          keep(number++, size, line, lines);
          size = 0;
        }
      }
      line.write(buffer, from, read - from);
      size += read - from;
      if (size > LONGEST_LINE) {
        line.reset();
      }
      if (left < size) {
        throw new IOException(
            "it has more than %d MiB in %d lines, unpacked; send it in parts"
                .formatted(mostBytes >> 20, lines.size()));
      }
    }
    keep(number, size, line, lines);
  }

  private static void keep(
      long number, long size, ByteArrayOutputStream line, List<EventLine> lines) {
    byte[] bytes = size > LONGEST_LINE ? new byte[0] : line.toByteArray();
    boolean blank = size <= LONGEST_LINE;
    for (int i = 0; blank && i < bytes.length; i++) {
      blank = bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r';
    }
    if (!blank) {
      lines.add(new EventLine(number, size, bytes));
    }
    line.reset();
  }

  private static InputStream open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    raw.mark(2);
    boolean gzip = raw.read() == GzipMembers.FIRST && raw.read() == GzipMembers.SECOND;
    raw.reset();
    return gzip ? new GzipMembers(raw, BUFFER_BYTES) : raw;
  }

  /** The file is no file of events; the message says why and is fit to show. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
