package io.agentweave.deadletter;

/** The queue's disk or database failed: the letter is not kept, so the caller must be refused. */
public final class DeadLetterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeadLetterException(String message, Throwable cause) {
    super(message, cause);
  }
}
