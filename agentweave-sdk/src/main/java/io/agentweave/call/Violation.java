package io.agentweave.call;

/**
 * One rule that a request breaks.
 *
 * @param field where, as a path such as {@code event_data.timestamp}; empty for the whole payload
 * @param rule what is asked for, in words
 * @param shape what was found instead: its type and size, never the value
 */
public record Violation(String field, String rule, String shape) {

  @Override
  public String toString() {
    return (field.isEmpty() ? "payload" : field) + ": " + rule + " (found " + shape + ")";
  }
}
