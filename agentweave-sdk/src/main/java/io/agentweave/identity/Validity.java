package io.agentweave.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * When certificates are valid: from notBefore on, and until just before notAfter. RFC 5280 still
 * admits notAfter itself; here a certificate is expired at its notAfter, everywhere.
 */
final class Validity {
  private Validity() {}

  static Optional<Rejected> broken(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    String whose = certificate.getBasicConstraints() == -1 ? "the leaf" : "an authority";
    if (now.isBefore(from)) {
      return Optional.of(
          new Rejected(SvidRule.NOT_YET_VALID, whose + " is not valid before " + from));
    }
    if (!now.isBefore(until)) {
      return Optional.of(new Rejected(SvidRule.EXPIRED, whose + " expired at " + until));
    }
    return Optional.empty();
  }

  static Instant earliestEnd(Collection<X509Certificate> path, X509Certificate anchor) {
    return path.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .reduce(anchor.getNotAfter().toInstant(), (a, b) -> a.isBefore(b) ? a : b);
  }
}
