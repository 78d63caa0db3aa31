package io.agentweave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StandardOutputTest {
  @Test
  void outputThatIsLost_isAFailureOfTheCommand() {
    assertThat(exitCode(0, "No space left on device")).isEqualTo(1);
  }

  @Test
  void codeOfTheCommand_standsWhenItsOutputIsLostToo() {
    assertThat(exitCode(3, "No space left on device")).isEqualTo(3);
  }

  @Test
  void readerThatWentAway_isNone() {
    assertThat(exitCode(0, "Broken pipe")).isZero();
  }

  private static int exitCode(int code, String fault) {
    StandardOutput output =
        new StandardOutput(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException(fault);
              }
            });
    PrintStream lines = new PrintStream(output, false, StandardCharsets.UTF_8);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    lines.println("payload");
    lines.flush();
    return Main.ended(code, output, new Console(lines, nowhere, false, false, false));
  }
}
