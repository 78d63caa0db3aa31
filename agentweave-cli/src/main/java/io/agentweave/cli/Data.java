package io.agentweave.cli;

import io.agentweave.call.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The argument of {@code --data}: JSON, {@code @FILE}, or {@code @-} for standard input. */
final class Data {
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
      return Payload.ofJson(
          file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.USAGE, "--data: there is no file " + file, e);
    } catch (IOException e) {
      throw new Failure(ExitCode.USAGE, "--data: " + file + " can't be read: " + e, e);
    }
  }
}
