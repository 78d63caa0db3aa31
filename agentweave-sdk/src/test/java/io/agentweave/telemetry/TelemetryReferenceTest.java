package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.ReferenceSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryReferenceTest {

  @Test
  void referencePage_saysWhatTheEnumsSay() throws IOException {
    Path page = Path.of(System.getProperty("agentweave.root", ".."), "docs/telemetry.md");
    for (ReferenceSection section :
        List.of(
            TelemetryReference.keys(),
            TelemetryReference.of(
                "agentweave-sdk", List.of(AgentSpan.values()), List.of(AgentMeter.values())))) {
      if (Boolean.getBoolean("agentweave.regenerate")) {
        section.writeInto(page);
      }
      assertThat(section.isIn(page))
          .as(
              "docs/telemetry.md is out of date; run: mvn -pl agentweave-sdk test"
                  + " -Dtest=TelemetryReferenceTest -Dagentweave.regenerate=true")
          .isTrue();
    }
  }
}
