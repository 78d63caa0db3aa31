package io.agentweave.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges X.509-SVIDs against one set of bundles. The rules run from who the peer claims to be to
 * what proves it, so that the first one broken says the most.
 */
final class SvidVerifier {
  private final Map<TrustDomain, TrustBundle> bundles;
  private final Set<TrustDomain> allowed;
  private final long generation;

  SvidVerifier(
      Map<TrustDomain, Set<X509Certificate>> bundles, Set<TrustDomain> allowed, long generation) {
    this.bundles =
        bundles.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, e -> new TrustBundle(e.getValue())));
    this.allowed = Set.copyOf(allowed);
    this.generation = generation;
  }

  /** As {@link IdentitySnapshot#verify}, at {@code now}. */
  Verification verify(List<X509Certificate> chain, Instant now) {
    if (chain.isEmpty()) {
      return new Rejected(SvidRule.NO_CERTIFICATE, "the peer showed no certificate");
    }
    X509Certificate leaf = chain.getFirst();
    SpiffeId id;
    try {
      List<String> names = LeafProfile.uriNames(leaf);
      if (names.size() != 1) {
        return new Rejected(
            SvidRule.ONE_URI_SAN, "the leaf has " + names.size() + " URI SANs, not one");
      }
      id = SpiffeId.parse(names.getFirst());
    } catch (CertificateParsingException _) {
      // Its message would quote the name, which may be anything.
      return new Rejected(SvidRule.SPIFFE_ID_SYNTAX, "the leaf's names cannot be parsed");
    } catch (IllegalArgumentException e) {
      return new Rejected(SvidRule.SPIFFE_ID_SYNTAX, "the leaf's URI SAN: " + e.getMessage());
    }
    return switch (prove(id, chain, now)) {
      case TrustBundle.Path.Broken(Rejected(SvidRule rule, String detail)) ->
          new Rejected(rule, detail + "; claimed to be " + id);
      case TrustBundle.Path.Proven(Instant notAfter) ->
          new PeerIdentity(id, serial(leaf), notAfter, generation);
    };
  }

  private TrustBundle.Path prove(SpiffeId id, List<X509Certificate> chain, Instant now) {
    TrustDomain domain = id.trustDomain();
    if (!allowed.contains(domain)) {
      return broken(
          SvidRule.TRUST_DOMAIN_NOT_ALLOWED, "trust domain " + domain + " is not among " + allowed);
    }
    // Only the bundle of the domain that the peer claims: another authority of ours has no say.
    TrustBundle bundle = bundles.get(domain);
    if (bundle == null || bundle.isEmpty()) {
      return broken(SvidRule.TRUST_DOMAIN_UNKNOWN, "there is no bundle of trust domain " + domain);
    }
    return LeafProfile.broken(chain.getFirst())
        .or(() -> firstOf(chain, certificate -> Validity.of(certificate).broken(now)))
        .or(() -> firstOf(chain, KeyStrength::broken))
        .<TrustBundle.Path>map(TrustBundle.Path.Broken::new)
        .orElseGet(() -> bundle.check(chain, now));
  }

  private static Optional<Rejected> firstOf(
      List<X509Certificate> chain, Function<X509Certificate, Optional<Rejected>> rule) {
    return chain.stream().map(rule).flatMap(Optional::stream).findFirst();
  }

  private static TrustBundle.Path broken(SvidRule rule, String detail) {
    return new TrustBundle.Path.Broken(new Rejected(rule, detail));
  }

  static String serial(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16);
  }
}
