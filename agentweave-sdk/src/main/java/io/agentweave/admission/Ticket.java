package io.agentweave.admission;

/** A place inside. It is given back exactly once; a second time is a bug and throws. */
public interface Ticket {

  /** Gives the place back. */
  void end();
}
