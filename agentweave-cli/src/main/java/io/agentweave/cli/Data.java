package io.agentweave.cli;

import io.agentweave.call.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The argument of {@code --data}: JSON, {@code @FILE}, or {@code @-} for standard input. */
final class Data {
  /** More than any agent takes; some files have no end. */
  private static final int MOST_BYTES = 64 << 20;

  private Data() {}

  static Payload read(@Nullable String argument) {
    if (argument == null) {
      return Payload.empty();
    }
    if (!argument.startsWith("@")) {
      return Payload.ofJson(argument.getBytes(StandardCharsets.UTF_8));
    }
    String file = argument.substring(1);
    try {
      return Payload.ofJson(file.equals("-") ? bytes(System.in) : bytes(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.USAGE, "--data: there is no file " + file, e);
    } catch (IOException e) {
      throw new Failure(ExitCode.USAGE, "--data: " + file + " can't be read: " + e, e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return bytes(in);
    }
  }

  private static byte[] bytes(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("it has more than %d MiB".formatted(MOST_BYTES >> 20));
    }
    return bytes;
  }
}
