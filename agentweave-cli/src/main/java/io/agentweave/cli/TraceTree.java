package io.agentweave.cli;

import io.agentweave.call.VisibleText;
import io.agentweave.local.trace.Span;
import io.agentweave.local.trace.Trace;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A trace, drawn as a tree: one span a line, with what matters of its facts. */
final class TraceTree {
  private static final List<String> FACTS =
      List.of(
          "agentweave.outcome",
          "agentweave.decision",
          "agentweave.decision.reason",
          "agentweave.policy_id",
          "agentweave.decision_id",
          "agentweave.events");

  private final Console console;

  TraceTree(Console console) {
    this.console = console;
  }

  void draw(Trace trace) {
    console.out("Trace " + trace.id());
    List<Span> roots = trace.roots();
    for (int i = 0; i < roots.size(); i++) {
      draw(trace, roots.get(i), "", i == roots.size() - 1);
    }
  }

  private void draw(Trace trace, Span span, String indent, boolean last) {
    console.out(indent + (last ? "└── " : "├── ") + line(span));
    List<Span> children = trace.children(span);
    for (int i = 0; i < children.size(); i++) {
      draw(trace, children.get(i), indent + (last ? "    " : "│   "), i == children.size() - 1);
    }
  }

  private String line(Span span) {
    // Spans come from whoever reaches the store, and one line is one span.
    String called = VisibleText.of(span.name());
    String name =
        span.failed()
            ? console.paintOut(Console.Colour.RED, called)
            : console.paintOut(Console.Colour.BOLD, called);
    return name
        + String.format(Locale.ROOT, " (%.1f ms)", span.duration().toNanos() / 1e6)
        + console.paintOut(
            Console.Colour.GREY, VisibleText.of(" " + span.service() + facts(span.attributes())));
  }

  private static String facts(Map<String, String> attributes) {
    StringBuilder facts = new StringBuilder();
    for (String key : FACTS) {
      String value = attributes.getOrDefault(key, "");
      if (!value.isEmpty()) {
        facts.append(' ').append(key.substring(key.lastIndexOf('.') + 1)).append('=').append(value);
      }
    }
    return facts.toString();
  }
}
