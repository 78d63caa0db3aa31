package io.agentweave.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process's standard output, which remembers that it could not be written: a {@link
 * PrintStream} keeps quiet about it. A reader that went away, as {@code head} does, is no failure.
 */
final class StandardOutput extends OutputStream {
  private static final String READER_GONE = "Broken pipe";

  private final OutputStream to;
  private volatile @Nullable String failure;

  StandardOutput(OutputStream to) {
    this.to = to;
  }

  /** Takes the place of {@link System#out}. */
  static StandardOutput ofProcess() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    Charset charset =
        Charset.forName(System.getProperty("stdout.encoding"), Charset.defaultCharset());
    System.setOut(new PrintStream(output, false, charset));
    return output;
  }

  /** Why something that was written did not arrive. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      to.write(bytes, offset, length);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains(READER_GONE)) {
        failure = message;
      }
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }
}
