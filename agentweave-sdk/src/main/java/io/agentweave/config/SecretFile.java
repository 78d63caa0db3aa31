package io.agentweave.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that holds one secret. */
final class SecretFile {
  private static final int MAX_BYTES = 64 * 1024;

  private SecretFile() {}

  /** Its content without the last line break; null when it can't be had, which is a problem. */
  static @Nullable Secret read(Path file, String key, Problems problems) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      problems.add(key, "names something that is not a plain file");
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length <= MAX_BYTES) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return Secret.of(text.replaceFirst("\\r?\\n\\z", ""));
      }
      problems.add(key, "names a file of more than " + MAX_BYTES + " bytes");
    } catch (IOException e) {
      problems.add(key, "names a file that can't be read: " + e.getClass().getSimpleName());
    }
    return null;
  }
}
