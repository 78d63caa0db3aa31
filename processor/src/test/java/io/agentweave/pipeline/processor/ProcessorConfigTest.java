package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorConfigTest {
  private static final Path FILE =
      Path.of(System.getProperty("agentweave.root"), "processor/config/processor.yaml");
  @TempDir private Path folder = Path.of("");

  private static ConfigReading<ProcessorConfig> read(Path file) {
    return AgentConfigFile.read(
        file, Map.of("AGENTWEAVE_DATABASE_PASSWORD", "secret"), ProcessorConfig.class);
  }

  @Test
  void ownFile_isInOrder() {
    assertThat(read(FILE))
        .isInstanceOfSatisfying(
            ConfigReading.Loaded.class,
            loaded -> assertThat(loaded.agent().agent().name()).isEqualTo("processor"));
  }

  @Test
  void unknownKey_isNamedWithWhatWasMeant() throws IOException {
    Path file = folder.resolve("processor.yaml");
    Files.writeString(file, Files.readString(FILE) + "\nusers:\n  seed_fille: x.csv\n");
    assertThat(read(file))
        .isInstanceOfSatisfying(
            ConfigReading.Invalid.class,
            invalid ->
                assertThat(invalid.report()).contains("users.seed_fille").contains("did you mean"));
  }
}
