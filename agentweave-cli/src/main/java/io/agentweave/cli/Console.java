package io.agentweave.cli;

import io.agentweave.call.VisibleText;
import java.io.PrintStream;
import java.util.Map;
import java.util.UUID;

/**
 * Where the command writes: payload to standard output, everything else to standard error, in
 * colours only on a terminal and not with {@code NO_COLOR}.
 *
 * <p>The launcher says which of the two is a terminal ({@code agentweave.terminal.out} and {@code
 * .err}): the JDK only knows about both together.
 */
final class Console {
  /** Marks the escapes of this command among those that come from elsewhere, which are shown. */
  private final String own = UUID.randomUUID().toString();

  private final PrintStream out;
  private final PrintStream err;
  private final boolean outTerminal;
  private final boolean outColours;
  private final boolean errColours;
  private final boolean errTerminal;

  Console(
      PrintStream out, PrintStream err, boolean outTerminal, boolean errTerminal, boolean colours) {
    this.out = out;
    this.err = err;
    this.outTerminal = outTerminal;
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

  /**
   * Payload. A terminal gets what would steer it as escapes, since payload comes from anybody; what
   * is no terminal gets it as it came.
   */
  void out(String line) {
    out.println(outTerminal ? shown(line) : line);
    out.flush();
  }

  /** One line for the person who watches. */
  void say(String line) {
    err.println(shown(line));
    err.flush();
  }

  private String shown(String text) {
    return VisibleText.ofLines(text).replace("\\u001b" + own, "\u001b");
  }

  /** What went wrong, in one line. */
  void fail(String line) {
    say(paint(Colour.RED, "agentweave: ", errColours) + line);
  }

  /** Rewrites the last line of a terminal. */
  void redraw(String line) {
    err.print("\r\u001b[K" + shown(line));
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

  private String paint(Colour colour, String text, boolean colours) {
    String escape = "\u001b" + own + "[";
    return colours ? escape + colour.code + "m" + text + escape + "0m" : text;
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
