package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IngesterConfigTest {
  private static final Path FILE =
      Path.of(System.getProperty("agentweave.root"), "ingester/config/ingester.yaml");
  @TempDir private Path folder = Path.of("");

  private static ConfigReading<IngesterConfig> read(Path file) {
    return AgentConfigFile.read(file, Map.of(), IngesterConfig.class);
  }

  @Test
  void ownFile_isInOrder() {
    assertThat(read(FILE))
        .isInstanceOfSatisfying(
            ConfigReading.Loaded.class,
            loaded -> assertThat(loaded.agent().agent().name()).isEqualTo("ingester"));
  }

  @Test
  void unknownKey_isNamedWithWhatWasMeant() throws IOException {
    Path file = folder.resolve("ingester.yaml");
    Files.writeString(file, Files.readString(FILE) + "\ningester:\n  max_batch_event: 5\n");
    assertThat(read(file))
        .isInstanceOfSatisfying(
            ConfigReading.Invalid.class,
            invalid ->
                assertThat(invalid.report())
                    .contains("ingester.max_batch_event")
                    .contains("did you mean"));
  }
}
