package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.config.ObservabilitySection.Tracing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OtlpExportTest {

  @TempDir Path folder;

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAuthorityFileThatCannotBeUsed_isRefusedAtTheStart() throws Exception {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");

    Path pipe = folder.resolve("pipe.pem");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();

    for (Path file : List.of(missing, empty, nonsense, pipe)) {
      Tracing tracing = new Tracing(true, "otlp", "https://localhost:4317", Optional.of(file), 1.0);
      TelemetrySettings settings =
          new TelemetrySettings("agent", Optional.empty(), "test", tracing, Set.of());
      assertThatThrownBy(() -> Telemetry.start(settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
