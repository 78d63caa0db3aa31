package io.agentweave.identity;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The authorities of one trust domain, and the question whether they stand behind a leaf (RFC 5280
 * section 6, X509-SVID section 5). Revocation plays no part: SVIDs are short-lived.
 *
 * <p>The certificates presented are taken in their order, each issued by the next. Looking for a
 * path among them would let a stranger with ten certificates of one name cost millions of signature
 * checks.
 */
final class TrustBundle {
  /** The answer of {@link #check}. */
  sealed interface Path {
    /** There is a path, and from {@code notAfter} on it is no longer valid. */
    record Proven(Instant notAfter) implements Path {}

    /** There is none. */
    record Broken(Rejected rejected) implements Path {}
  }

  private record Authority(X509Certificate certificate, boolean selfSigned) {
    static Authority of(X509Certificate certificate) {
      boolean selfIssued =
          certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
      try {
        if (selfIssued) {
          certificate.verify(certificate.getPublicKey());
        }
        return new Authority(certificate, selfIssued);
      } catch (GeneralSecurityException _) {
        return new Authority(certificate, false);
      }
    }
  }

  private final List<Authority> authorities;

  TrustBundle(Collection<X509Certificate> authorities) {
    this.authorities =
        authorities.stream()
            .filter(certificate -> certificate.getBasicConstraints() != -1)
            .map(Authority::of)
            .toList();
  }

  boolean isEmpty() {
    return authorities.isEmpty();
  }

  /** Looks for a path from {@code presented}, leaf first, to an authority. */
  Path check(List<X509Certificate> presented, Instant now) {
    // Some peers also send their root: what is trusted anyway ends the path.
    List<X509Certificate> path = new ArrayList<>();
    for (X509Certificate certificate : presented) {
      if (authorities.stream().anyMatch(a -> a.certificate().equals(certificate))) {
        break;
      }
      path.add(certificate);
    }
    if (path.isEmpty()) {
      return broken("the leaf itself stands in the bundle");
    }
    var issuer = path.getLast().getIssuerX500Principal();
    Path result = broken("no authority of the bundle has the name of the path's last issuer");
    for (Authority authority : authorities) {
      if (authority.certificate().getSubjectX500Principal().equals(issuer)) {
        result = check(path, authority, now);
        if (result instanceof Path.Proven) {
          return result;
        }
      }
    }
    return result;
  }

  private static Path check(List<X509Certificate> path, Authority authority, Instant now) {
    X509Certificate anchor = authority.certificate();
    Optional<Rejected> unfit =
        Validity.of(anchor)
            .broken(now)
            .or(() -> KeyStrength.brokenKey(anchor))
            .or(() -> AuthorityProfile.broken(anchor))
            .or(
                () ->
                    path.stream()
                        .skip(1)
                        .map(AuthorityProfile::broken)
                        .flatMap(Optional::stream)
                        .findFirst());
    if (unfit.isPresent()) {
      return new Path.Broken(unfit.get());
    }
    List<X509Certificate> whole = new ArrayList<>(path);
    if (authority.selfSigned()) {
      // PKIX ignores an anchor's own path length and name constraints. As a part of the path, which
      // it can be because it vouches for itself, they count.
      whole.add(anchor);
    } else if (AuthorityProfile.constrainsNames(anchor)
        || path.size() - 1 > anchor.getBasicConstraints()) {
      return broken("an authority that is not self-signed has limits that the path may exceed");
    }
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(whole);
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return new Path.Proven(Validity.earliestEnd(whole, anchor));
    } catch (CertPathValidatorException e) {
      SvidRule rule =
          e.getReason() == BasicReason.ALGORITHM_CONSTRAINED
              ? SvidRule.WEAK_KEY
              : SvidRule.UNTRUSTED_PATH;
      return new Path.Broken(new Rejected(rule, "no path to the bundle: " + e.getMessage()));
    } catch (CertificateException
        | InvalidAlgorithmParameterException
        | NoSuchAlgorithmException e) {
      return broken("no path to the bundle: " + e.getMessage());
    } catch (RuntimeException e) {
      // The JDK's way to say that it cannot apply a name constraint: of a kind that it does not
      // know, or to a trust domain that is no host name.
      return broken("no path to the bundle: a constraint that cannot be checked");
    }
  }

  private static Path broken(String detail) {
    return new Path.Broken(new Rejected(SvidRule.UNTRUSTED_PATH, detail));
  }
}
