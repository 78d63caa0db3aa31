package io.agentweave.call;

/** The side of a call that a chain stands on. */
public enum Direction {
  INBOUND,
  OUTBOUND;

  /** The word used in policy input, audit records and metrics. */
  public String word() {
    return this == INBOUND ? "inbound" : "outbound";
  }
}
