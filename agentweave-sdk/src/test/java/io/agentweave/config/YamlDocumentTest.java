package io.agentweave.config;

import static io.agentweave.config.ConfigFiles.SMALLEST;
import static io.agentweave.config.ConfigFiles.violations;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlDocumentTest {

  @TempDir Path folder;

  @Test
  void missingFile_isNamed() {
    Path file = folder.resolve("none.yaml");
    assertThat(violations(folder, ConfigFiles.read(file)))
        .containsExactly("none.yaml: there is no such file");
  }

  @Test
  void folder_isNoFile() {
    assertThat(violations(folder.resolve(".."), ConfigFiles.read(folder)))
        .allMatch(message -> message.endsWith(": is not a file"));
  }

  @Test
  void emptyFile_isNamed() {
    assertThat(violations(folder, "")).containsExactly("agent.yaml: the file is empty");
    assertThat(violations(folder, "# only a comment\n"))
        .containsExactly("agent.yaml: the file is empty");
    assertThat(violations(folder, "---\n...\n")).containsExactly("agent.yaml: the file is empty");
  }

  @Test
  void fileThatIsNotUtf8_isNamed() throws IOException {
    Path file = folder.resolve("agent.yaml");
    Files.write(file, "agent: {name: caf\u00e9}".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(violations(folder, ConfigFiles.read(file)))
        .containsExactly("agent.yaml: must be UTF-8 text");
  }

  @Test
  void hugeFile_isRefusedBeforeItIsParsed() {
    assertThat(violations(folder, "a: " + "x".repeat(YamlDocument.MAX_BYTES)))
        .containsExactly("agent.yaml: must be at most 1048576 bytes");
  }

  @Test
  void syntaxError_hasItsLineAndQuotesNothing() {
    assertThat(violations(folder, "database:\n  password: @hunter2\n"))
        .hasSize(1)
        .allMatch(message -> message.startsWith("agent.yaml:2: is not YAML: "))
        .noneMatch(message -> message.contains("@") || message.contains("hunter2"));
    assertThat(violations(folder, "a: b: *secret\n"))
        .hasSize(1)
        .noneMatch(message -> message.contains("secret"));
    assertThat(violations(folder, "a: *secret\n"))
        .hasSize(1)
        .noneMatch(message -> message.contains("secret"));
    assertThat(violations(folder, "a: \"secret\u0007\"\n"))
        .hasSize(1)
        .noneMatch(message -> message.contains("secret"));
  }

  @Test
  void syntaxError_saysWhatWasExpected() {
    assertThat(violations(folder, "agent: {name: x\n"))
        .containsExactly("agent.yaml:2: is not YAML: expected , or }, but got <stream end>");
    assertThat(violations(folder, "agent:\n\tname: x\n"))
        .containsExactly("agent.yaml:2: is not YAML: a tab, where only spaces may stand");
  }

  @Test
  void duplicateKey_isRefusedWithBothInMind() {
    assertThat(violations(folder, SMALLEST + "server:\n  port: 1\n  host: x\n  port: 2\n"))
        .containsExactly("agent.yaml:8: server.port: the key stands here a second time");
  }

  @Test
  void deepNesting_isRefusedBeforeItOverflowsTheStack() {
    assertThat(violations(folder, "a: " + "[".repeat(100_000)))
        .containsExactly("agent.yaml:1: must not nest deeper than 32 levels");
  }

  @Test
  void billionLaughs_areRefused() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(violations(folder, yaml.toString()))
        .containsExactly("agent.yaml:27: must not use more than 50 aliases");
  }

  @Test
  void aliasOfItself_isRefused() {
    assertThat(violations(folder, SMALLEST + "discovery: &d {static: *d}\n")).isNotEmpty();
  }

  @Test
  void secondDocument_isRefused() {
    assertThat(violations(folder, SMALLEST + "---\nserver: {port: 1}\n"))
        .containsExactly("agent.yaml:5: must be one document, a second one starts here");
  }

  @Test
  void listAtTheTop_isRefused() {
    assertThat(violations(folder, "- agent\n"))
        .containsExactly("agent.yaml: must be a section of keys, found a list");
  }

  @Test
  void keyThatIsNoText_isRefused() {
    assertThat(violations(folder, SMALLEST + "? [a, b]\n: c\n"))
        .containsExactly("agent.yaml:5: a key must be text, found a list");
  }

  @Test
  void tagsThatWouldMakeObjects_makeNone() {
    assertThat(
            violations(
                folder, SMALLEST + "server: {host: !!javax.script.ScriptEngineManager [x]}\n"))
        .containsExactly("agent.yaml:5: server.host: must be a single value, found a list");
  }

  @Test
  void byteOrderMark_isSkipped() {
    assertThat(AgentConfigFile.read(ConfigFiles.write(folder, "\uFEFF" + SMALLEST), Map.of()))
        .isInstanceOf(ConfigReading.Loaded.class);
  }
}
