package io.agentweave.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReferenceTest {

  @Test
  void referencePage_saysWhatTheRecordsSay() throws IOException {
    Path page = Path.of(System.getProperty("agentweave.root", ".."), "docs/configuration.md");
    ReferenceSection keys = ConfigReference.of("agent", List.of(AgentConfig.class));
    if (Boolean.getBoolean("agentweave.regenerate")) {
      keys.writeInto(page);
    }
    assertThat(keys.isIn(page))
        .as(
            "docs/configuration.md is out of date; run: mvn -pl agentweave-sdk test"
                + " -Dtest=ConfigReferenceTest -Dagentweave.regenerate=true")
        .isTrue();
  }

  @Test
  void regeneratedSection_leavesTheRestOfThePageAlone(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(page, "# Before\n");
    new ReferenceSection("a", "one").writeInto(page);
    new ReferenceSection("b", "two").writeInto(page);
    new ReferenceSection("a", "three").writeInto(page);
    assertThat(page)
        .hasContent(
            """
            # Before

            <!-- generated: a -->
            three
            <!-- end of a -->

            <!-- generated: b -->
            two
            <!-- end of b -->
            """);
    assertThat(new ReferenceSection("a", "one").isIn(page)).isFalse();
    assertThat(new ReferenceSection("a", "three").isIn(page)).isTrue();
  }
}
