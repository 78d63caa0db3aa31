package io.agentweave.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class AnyConfigTest {

  private static Path file = Path.of("");

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("any", ".yaml");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  /** Files that are nearly right: the seed's, with a piece replaced by anything. */
  @Provide
  Arbitrary<String> nearlyYaml() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "{", "}", "[", "]", "*a", "&a ", "!!int ", "? ", ": ", "- ", "\n", "\t", "'", "\"", "|",
            ">", "%", "@", "0x1F", "1e400", ".nan", "~", "null", "-1", "\u0000", "\ud800", "port",
            "agent:", "---", "...", "<<: ");
    return Arbitraries.integers()
        .between(0, ConfigFiles.SEED.length())
        .flatMap(
            at ->
                pieces
                    .list()
                    .ofMaxSize(6)
                    .map(
                        inserted ->
                            ConfigFiles.SEED.substring(0, at)
                                + String.join("", inserted)
                                + ConfigFiles.SEED.substring(at)));
  }

  @Property(tries = 150)
  void anyFile_isLoadedOrExplained(@ForAll("nearlyYaml") String yaml) throws IOException {
    Files.write(file, yaml.getBytes(StandardCharsets.UTF_8));
    switch (AgentConfigFile.read(file, Map.of())) {
      case ConfigReading.Loaded<?> loaded -> assertThat(loaded.agent()).isNotNull();
      case ConfigReading.Invalid<?> invalid -> assertThat(invalid.violations()).isNotEmpty();
    }
  }
}
