package io.agentweave.identity;

/** There is no identity to start with. The message says what is wrong and what to do about it. */
public final class IdentityUnavailableException extends RuntimeException {
  public IdentityUnavailableException(String message) {
    super(message);
  }

  public IdentityUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
