package io.agentweave.identity;

import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one message of the Workload API says (SPIFFE Workload API, section 5.2). Each message is the
 * whole truth: what it does not repeat is withdrawn.
 */
sealed interface WorkloadApiMessage {
  Logger LOG = LoggerFactory.getLogger(WorkloadApiMessage.class);
  String SCHEME = "spiffe://";

  /** An SVID to serve with. */
  record Offered(SvidMaterial material) implements WorkloadApiMessage {}

  /** No SVID at all. */
  record Nothing() implements WorkloadApiMessage {}

  /** SVIDs, but not the expected one. */
  record Others(List<String> spiffeIds) implements WorkloadApiMessage {}

  /**
   * @param expected which SVID to take; the first, which is the default one, when empty
   * @throws GeneralSecurityException when the SVID to take is malformed
   */
  static WorkloadApiMessage read(X509SVIDResponse response, Optional<SpiffeId> expected)
      throws GeneralSecurityException {
    if (response.getSvidsCount() == 0) {
      return new Nothing();
    }
    Optional<X509SVID> chosen =
        expected.isEmpty()
            ? Optional.of(response.getSvids(0))
            : response.getSvidsList().stream()
                .filter(svid -> svid.getSpiffeId().equals(expected.get().toString()))
                .findFirst();
    if (chosen.isEmpty()) {
      return new Others(
          response.getSvidsList().stream().map(X509SVID::getSpiffeId).distinct().toList());
    }
    return new Offered(material(chosen.get(), response));
  }

  private static SvidMaterial material(X509SVID svid, X509SVIDResponse response)
      throws GeneralSecurityException {
    List<X509Certificate> chain = SvidMaterial.certificates(svid.getX509Svid().toByteArray());
    if (chain.isEmpty()) {
      throw new CertificateException("the SVID has no certificate");
    }
    SvidMaterial material =
        SvidMaterial.of(
            chain,
            SvidMaterial.key(svid.getX509SvidKey().toByteArray(), chain.getFirst()),
            bundles(svid, response));
    if (!material.spiffeId().toString().equals(svid.getSpiffeId())) {
      throw new CertificateException("the SVID's certificate names another SPIFFE ID");
    }
    return material;
  }

  private static Map<TrustDomain, Set<X509Certificate>> bundles(
      X509SVID chosen, X509SVIDResponse response) throws CertificateException {
    Map<TrustDomain, Set<X509Certificate>> bundles = new HashMap<>();
    // A broken bundle of a neighbour must not keep the own SVID from being renewed: that domain
    // then has no bundle, and its peers are refused.
    response.getFederatedBundlesMap().forEach((name, der) -> add(bundles, name, der.toByteArray()));
    for (X509SVID svid : response.getSvidsList()) {
      add(bundles, svid.getSpiffeId(), svid.getBundle().toByteArray());
    }
    bundles.put(
        domain(chosen.getSpiffeId()),
        Set.copyOf(SvidMaterial.certificates(chosen.getBundle().toByteArray())));
    return bundles;
  }

  private static void add(Map<TrustDomain, Set<X509Certificate>> bundles, String name, byte[] der) {
    try {
      bundles.put(domain(name), Set.copyOf(SvidMaterial.certificates(der)));
    } catch (CertificateException e) {
      LOG.warn("Left out the trust bundle of {}: {}", name, e.getMessage());
    }
  }

  /** Of a SPIFFE ID, a trust domain's ID, or a trust domain's plain name. */
  private static TrustDomain domain(String name) throws CertificateException {
    String rest = name.startsWith(SCHEME) ? name.substring(SCHEME.length()) : name;
    int slash = rest.indexOf('/');
    try {
      return new TrustDomain(slash < 0 ? rest : rest.substring(0, slash));
    } catch (IllegalArgumentException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }
}
