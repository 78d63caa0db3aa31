package io.agentweave.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageConfigTest {
  private static final Path FILE =
      Path.of(System.getProperty("agentweave.root"), "storage/config/storage.yaml");
  @TempDir private Path folder = Path.of("");

  private static ConfigReading<StorageConfig> read(Path file) {
    return AgentConfigFile.read(
        file, Map.of("AGENTWEAVE_DATABASE_PASSWORD", "secret"), StorageConfig.class);
  }

  @Test
  void ownFile_isInOrder() {
    assertThat(read(FILE))
        .isInstanceOfSatisfying(
            ConfigReading.Loaded.class,
            loaded -> assertThat(loaded.agent().agent().name()).isEqualTo("storage"));
  }

  @Test
  void unknownKey_isNamedWithWhatWasMeant() throws IOException {
    Path file = folder.resolve("storage.yaml");
    Files.writeString(file, Files.readString(FILE) + "\noutbox:\n  atempts: 3\n");
    assertThat(read(file))
        .isInstanceOfSatisfying(
            ConfigReading.Invalid.class,
            invalid ->
                assertThat(invalid.report()).contains("outbox.atempts").contains("did you mean"));
  }
}
