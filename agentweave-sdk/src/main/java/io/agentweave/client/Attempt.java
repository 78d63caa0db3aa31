package io.agentweave.client;

/** One try of a request: nothing of it has left this agent until it is marked as sent. */
final class Attempt {
  private final Outgoing outgoing;
  private final int number;
  private volatile boolean connected;
  private volatile boolean sent;
  private volatile boolean answered;
  private boolean refusedUnread;
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

  /** There is a connection for it. */
  void markConnected() {
    connected = true;
  }

  /** The request is on the wire: from now on, the target may have acted on it. */
  void markSent() {
    sent = true;
  }

  boolean sent() {
    return sent;
  }

  /** The target's side of the call, not its transport, has said something. */
  void markAnswered() {
    answered = true;
  }

  boolean answered() {
    return answered;
  }

  /** The target's transport says that nobody there has looked at the request. */
  void markRefusedUnread() {
    refusedUnread = true;
  }

  /** Whether the target may have acted on the request. */
  boolean mayHaveRun() {
    return sent && !refusedUnread;
  }

  /** Whether there was a connection, and it took no more requests. */
  boolean turnedAway() {
    return connected && !mayHaveRun();
  }

  /** Something of the answer has been given to the caller, who can't be made to forget it. */
  void markHeard() {
    heard = true;
  }

  boolean heard() {
    return heard;
  }
}
