package io.agentweave.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnyConfigTest {

  private static final String[] PIECES = {
    "{", "}", "[", "]", "*a", "&a ", "!!int ", "? ", ": ", "- ", "\n", "\t", "'", "\"", "|", ">",
    "%", "@", "0x1F", "1e400", ".nan", "~", "null", "-1", "\u0000", "\ud800", "port", "agent:",
    "---", "...", "<<: "
  };

  @TempDir Path folder;

  /** Files that are nearly right: the seed's, with a piece replaced by anything. */
  private static String nearlyYaml(Anything any) {
    int at = any.between(0, ConfigFiles.SEED.length());
    return ConfigFiles.SEED.substring(0, at)
        + String.join("", any.list(0, 6, () -> any.of(PIECES)))
        + ConfigFiles.SEED.substring(at);
  }

  @Test
  void anyFile_isLoadedOrExplained() {
    Path file = folder.resolve("any.yaml");
    Anything.tried(
        150,
        any -> {
          Files.write(file, nearlyYaml(any).getBytes(StandardCharsets.UTF_8));
          switch (AgentConfigFile.read(file, Map.of())) {
            case ConfigReading.Loaded<?> loaded -> assertThat(loaded.agent()).isNotNull();
            case ConfigReading.Invalid<?> invalid -> assertThat(invalid.violations()).isNotEmpty();
          }
        });
  }
}
