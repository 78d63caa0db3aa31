package io.agentweave.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** What agents, events and spans say is shown, and steers no terminal. */
final class ConsoleTest {
  private static final String HOSTILE = "\u001b[2Jready\u009b8m\u202egrant\u0007";
  private static final String SHOWN = "\\u001b[2Jready\\u009b8m\\u202egrant\\u0007";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean terminal) {
    return new Console(
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        terminal,
        terminal,
        terminal);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Test
  void payloadOnATerminal_showsItsEscapes() {
    console(true).out("a\tb\n" + HOSTILE);
    assertThat(text(out)).isEqualTo("a\tb\n" + SHOWN + "\n");
  }

  @Test
  void payloadElsewhere_isAsItCame() {
    console(false).out(HOSTILE);
    assertThat(text(out)).isEqualTo(HOSTILE + "\n");
  }

  @Test
  void diagnostics_showEscapesEverywhere() {
    console(false).fail(HOSTILE);
    console(true).redraw(HOSTILE);
    assertThat(text(err)).isEqualTo("agentweave: " + SHOWN + "\n\r\u001b[K" + SHOWN);
  }

  @Test
  void coloursOfTheCommandItself_areColours_andNoOthers() {
    Console console = console(true);
    console.out(console.paintOut(Console.Colour.GREEN, "ready \u001b[31m"));
    assertThat(text(out)).isEqualTo("\u001b[32mready \\u001b[31m\u001b[0m\n");
  }
}
