package io.agentweave.client;

import org.jspecify.annotations.Nullable;

/** What the outermost stage wants to know of a call once it is over. Confined to its thread. */
final class Trail {
  private int attempts;
  private @Nullable String decisionId;

  /** Number of the attempt that is under way or was the last, from 1; 0 before the first. */
  int attempts() {
    return attempts;
  }

  void attempt(int number) {
    attempts = number;
  }

  /** The last decision about the call, if it came that far. */
  @Nullable String decisionId() {
    return decisionId;
  }

  void decided(String id) {
    decisionId = id;
  }
}
