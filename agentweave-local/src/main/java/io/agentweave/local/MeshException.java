package io.agentweave.local;

/** The mesh did not start or does not answer. The message says what to do, in words for a user. */
public final class MeshException extends RuntimeException {
  /** What went wrong. */
  public enum Reason {
    ALREADY_RUNNING,
    PORT_TAKEN,
    NOT_BUILT,
    /** A local mesh refuses to run where {@code agent.environment} is production. */
    PRODUCTION,
    CONFIGURATION,
    START_FAILED,
    INTERRUPTED,
    NOT_ANSWERING
  }

  private final Reason reason;

  MeshException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  MeshException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
