package io.agentweave.identity;

import java.util.Optional;

/**
 * The peer's certificates prove nothing.
 *
 * @param rule which rule they break
 * @param detail what was found, for operators; the peer is not told
 */
public record Rejected(SvidRule rule, String detail) implements Verification {
  private static final int MAX_DETAIL = 4096;

  /** Keeps the detail to one line, whatever the peer put into its certificates. */
  public Rejected {
    detail = detail.replaceAll("\\p{Cntrl}", "?");
    detail = detail.substring(0, Math.min(detail.length(), MAX_DETAIL));
  }

  /**
   * Why a TLS handshake failed, for whoever saw it fail.
   *
   * @param failure what the TLS engine threw
   * @return empty when {@link IdentitySnapshot#verify} rejected the peer: that was told already
   */
  public static Optional<Rejected> beforeVerification(Throwable failure) {
    String detail = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PeerRejectedException) {
        return Optional.empty();
      }
      String message = cause.getMessage();
      // The words of the JDK's TLS provider for a client that shows no certificate.
      if (message != null && message.contains("Empty client certificate chain")) {
        return Optional.of(new Rejected(SvidRule.NO_CERTIFICATE, "the peer showed no certificate"));
      }
    }
    return Optional.of(new Rejected(SvidRule.TLS_HANDSHAKE, detail));
  }
}
