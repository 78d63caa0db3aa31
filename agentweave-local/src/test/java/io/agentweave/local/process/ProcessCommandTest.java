package io.agentweave.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessCommandTest {
  private static final Path JAVA = Path.of("/usr/bin/java");

  @Test
  void pathThatIsNotAscii_isReadAsTheJvmWritesIt() {
    byte[] cmdline =
        "java\0-cp\0/home/j\u00fcrgen/a b/x.jar\0Main\0".getBytes(StandardCharsets.UTF_8);

    assertThat(ProcessCommand.arguments(cmdline, StandardCharsets.UTF_8))
        .containsExactly("-cp", "/home/j\u00fcrgen/a b/x.jar", "Main", "");
  }

  @Test
  void classPathThatNamesNoFile_isLeftOut() {
    ProcessCommand command = new ProcessCommand(JAVA, List.of("-cp", "/a\0b:/c.jar", "Main"));

    assertThat(command.java())
        .contains(new ProcessCommand.JavaProgram("Main", List.of(Path.of("/c.jar"))));
  }

  @Test
  void jarWithoutAName_isNoProgram() {
    assertThat(new ProcessCommand(JAVA, List.of("-jar")).java()).isEmpty();
    assertThat(new ProcessCommand(JAVA, List.of("-jar", "/x.jar")).java())
        .contains(new ProcessCommand.JavaProgram("", List.of(Path.of("/x.jar"))));
  }
}
