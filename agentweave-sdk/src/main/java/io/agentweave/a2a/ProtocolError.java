package io.agentweave.a2a;

import io.agentweave.call.Refusal;

/** The errors that A2A defines (A2A 1.0, "A2A-Specific Errors"), by their reasons on the wire. */
public enum ProtocolError {
  TASK_NOT_FOUND,
  TASK_NOT_CANCELABLE,
  PUSH_NOTIFICATION_NOT_SUPPORTED,
  UNSUPPORTED_OPERATION,
  CONTENT_TYPE_NOT_SUPPORTED,
  INVALID_AGENT_RESPONSE,
  EXTENDED_AGENT_CARD_NOT_CONFIGURED,
  EXTENSION_SUPPORT_REQUIRED,
  VERSION_NOT_SUPPORTED;

  /** The refusal that says this. */
  public Refusal.Protocol refusal(String detail) {
    return new Refusal.Protocol(name(), detail);
  }
}
