package io.agentweave.cli;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where the command writes: payload to standard output, everything else to standard error, in
 * colours only on a terminal and not with {@code NO_COLOR}.
 *
 * <p>The launcher says which of the two is a terminal ({@code agentweave.terminal.out} and {@code
 * .err}): the JDK only knows about both together.
 */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean outColours;
  private final boolean errColours;
  private final boolean errTerminal;

  Console(
      PrintStream out, PrintStream err, boolean outTerminal, boolean errTerminal, boolean colours) {
    this.out = out;
    this.err = err;
    this.errTerminal = errTerminal;
    this.outColours = outTerminal && colours;
    this.errColours = errTerminal && colours;
  }

  static Console ofProcess(Map<String, String> environment) {
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Console(
        System.out,
        System.err,
        Boolean.getBoolean("agentweave.terminal.out"),
        Boolean.getBoolean("agentweave.terminal.err"),
        colours);
  }

  /** One line of payload. */
  void out(String line) {
    out.println(line);
    out.flush();
  }

  /** One line for the person who watches. */
  void say(String line) {
    err.println(line);
    err.flush();
  }

  /** What went wrong, in one line. */
  void fail(String line) {
    say(paint(Colour.RED, "agentweave: ", errColours) + line);
  }

  /** Rewrites the last line of a terminal. */
  void redraw(String line) {
    err.print("\r\u001b[K" + line);
    err.flush();
  }

  boolean errTerminal() {
    return errTerminal;
  }

  /** {@code text} in a colour, where standard output shows colours. */
  String paintOut(Colour colour, String text) {
    return paint(colour, text, outColours);
  }

  /** {@code text} in a colour, where standard error shows colours. */
  String paintErr(Colour colour, String text) {
    return paint(colour, text, errColours);
  }

  private static String paint(Colour colour, String text, boolean colours) {
    return colours ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
  }

  /** The few colours there are. */
  enum Colour {
    RED(31),
    GREEN(32),
    YELLOW(33),
    BLUE(34),
    GREY(90),
    BOLD(1);

    private final int code;

    Colour(int code) {
      this.code = code;
    }
  }
}
