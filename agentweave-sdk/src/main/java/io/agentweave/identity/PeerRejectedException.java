package io.agentweave.identity;

import java.security.cert.CertificateException;

/**
 * Ends a handshake. Says nothing of the rule, and has no cause, because TLS alerts are made of
 * both.
 */
final class PeerRejectedException extends CertificateException {
  PeerRejectedException() {
    super("the peer's identity was not accepted");
  }
}
