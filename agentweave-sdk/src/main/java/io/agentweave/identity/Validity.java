package io.agentweave.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * When a certificate is valid: from notBefore on, and until just before notAfter. RFC 5280 still
 * admits notAfter itself; here a certificate is expired at its notAfter, everywhere.
 */
record Validity(Instant from, Instant until, boolean ofLeaf) {

  static Validity of(X509Certificate certificate) {
    return new Validity(
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        certificate.getBasicConstraints() == -1);
  }

  Optional<Rejected> broken(Instant now) {
    if (now.isBefore(from)) {
      return Optional.of(
          new Rejected(SvidRule.NOT_YET_VALID, whose() + " is not valid before " + from));
    }
    if (!now.isBefore(until)) {
      return Optional.of(new Rejected(SvidRule.EXPIRED, whose() + " expired at " + until));
    }
    return Optional.empty();
  }

  private String whose() {
    return ofLeaf ? "the leaf" : "an authority";
  }

  static Instant earliestEnd(Collection<X509Certificate> path, X509Certificate anchor) {
    return path.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .reduce(anchor.getNotAfter().toInstant(), (a, b) -> a.isBefore(b) ? a : b);
  }
}
