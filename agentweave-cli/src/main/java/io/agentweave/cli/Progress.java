package io.agentweave.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far a long piece of work has come: a bar on a terminal, a plain line every few seconds
 * elsewhere. Safe for use by many threads.
 */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Console console;
  private final String label;
  private final long total;
  private final long begun = System.nanoTime();
  private long done;
  private long drawn;

  Progress(Console console, String label, long total) {
    this.console = console;
    this.label = label;
    this.total = total;
    this.drawn = begun;
  }

  synchronized void add(long more) {
    done += more;
    long now = System.nanoTime();
    if (now - drawn >= (console.errTerminal() ? REDRAW_NANOS : LINE_NANOS)) {
      drawn = now;
      draw(now);
    }
  }

  private void draw(long now) {
    double seconds = (now - begun) / 1e9;
    double rate = seconds > 0 ? done / seconds : 0;
    int filled = total == 0 ? WIDTH : (int) (WIDTH * done / total);
    String numbers = String.format(Locale.ROOT, "%,d of %,d, %,.0f/s", done, total, rate);
    if (console.errTerminal()) {
      String bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      console.redraw(label + " " + console.paintErr(Console.Colour.BLUE, bar) + " " + numbers);
    } else {
      console.say(label + ": " + numbers);
    }
  }

  /** Draws the last state. */
  @Override
  public synchronized void close() {
    draw(System.nanoTime());
    if (console.errTerminal()) {
      console.say("");
    }
  }
}
