package io.agentweave.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * What a demo did.
 *
 * @param rows that this run added to the database, asked of the database
 * @param deadLetters that this run added, asked of the agents
 * @param seconds from the first event sent to the last answer
 */
record DemoReport(Totals totals, long rows, long deadLetters, double seconds) {

  private double eventsPerSecond() {
    return seconds > 0 ? totals.received() / seconds : 0;
  }

  /** One JSON object on one line. */
  String json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("received", totals.received());
    json.put("stored", totals.stored());
    json.put("duplicates", totals.duplicates());
    json.put("filtered", totals.filtered());
    json.put("invalid", totals.invalid());
    json.put("failed", totals.failed());
    json.put("rows", rows);
    json.put("dead_letters", deadLetters);
    json.put("seconds", Math.round(seconds * 1000) / 1000.0);
    json.put("events_per_second", Math.round(eventsPerSecond() * 10) / 10.0);
    return json.toString();
  }

  void print(Console console) {
    console.out(console.paintOut(Console.Colour.BOLD, "Events"));
    line(console, "received", totals.received(), "");
    line(console, "stored", totals.stored(), rows + " new rows in the database");
    line(console, "duplicates", totals.duplicates(), "the database knew their ids");
    line(console, "filtered", totals.filtered(), "left out by a business rule");
    line(console, "invalid", totals.invalid(), deadLetters + " new dead letters");
    line(console, "failed", totals.failed(), "");
    console.out(
        String.format(Locale.ROOT, "  in %.2f s, %,.0f events/s", seconds, eventsPerSecond()));
  }

  private static void line(Console console, String name, long number, String remark) {
    console.out(
        String.format(Locale.ROOT, "  %-12s%,9d  ", name, number)
            + console.paintOut(Console.Colour.GREY, remark));
  }
}
