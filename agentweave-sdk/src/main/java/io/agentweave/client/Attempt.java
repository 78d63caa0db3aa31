package io.agentweave.client;

import java.util.concurrent.atomic.AtomicBoolean;

/** One try of a request: nothing of it has left this agent until it is marked as sent. */
final class Attempt {
  private final Outgoing outgoing;
  private final int number;
  private final AtomicBoolean sent = new AtomicBoolean();
  private boolean heard;

  Attempt(Outgoing outgoing, int number) {
    this.outgoing = outgoing;
    this.number = number;
  }

  Outgoing outgoing() {
    return outgoing;
  }

  /** From 1. */
  int number() {
    return number;
  }

  /** The request is on the wire: from now on, the target may have acted on it. */
  void markSent() {
    sent.set(true);
  }

  boolean sent() {
    return sent.get();
  }

  /** Something of the answer has been given to the caller, who can't be made to forget it. */
  void markHeard() {
    heard = true;
  }

  boolean heard() {
    return heard;
  }
}
