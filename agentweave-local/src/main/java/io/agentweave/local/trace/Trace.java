package io.agentweave.local.trace;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All spans of one trace that were kept, in the order in which they began.
 *
 * @param id 32 hex digits
 */
public record Trace(String id, List<Span> spans) {

  public Trace {
    spans = spans.stream().sorted(Comparator.comparing(Span::start)).toList();
  }

  /** The spans that have no parent here: the trace's begin, and what lost its parent. */
  public List<Span> roots() {
    Set<String> known = spans.stream().map(Span::spanId).collect(Collectors.toSet());
    return spans.stream().filter(span -> !known.contains(span.parentId())).toList();
  }

  /** The spans right below {@code parent}. */
  public List<Span> children(Span parent) {
    return spans.stream().filter(span -> span.parentId().equals(parent.spanId())).toList();
  }
}
