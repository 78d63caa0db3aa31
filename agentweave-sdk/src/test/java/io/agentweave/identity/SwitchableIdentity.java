package io.agentweave.identity;

import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** An identity source whose test says when the identity changes. Changes are told at once. */
public final class SwitchableIdentity implements IdentitySource {
  private final CurrentSnapshot current;

  private SwitchableIdentity(CurrentSnapshot current) {
    this.current = current;
  }

  /** An identity of {@code own}, that allows every domain of {@code bundles}. */
  public static SwitchableIdentity of(
      MintedSvid own, Map<TrustDomain, Set<X509Certificate>> bundles) {
    return new SwitchableIdentity(
        new CurrentSnapshot(material(own, bundles), bundles.keySet(), InstantSource.system()));
  }

  /** A proper SVID of {@code id} by {@code authority}, whose domain it trusts and no other. */
  public static SwitchableIdentity of(String id, Authority authority) {
    return of(
        SvidMint.leaf(id).by(authority),
        bundle(SpiffeId.parse(id).trustDomain().name(), authority));
  }

  public static Map<TrustDomain, Set<X509Certificate>> bundle(
      String trustDomain, Authority... authorities) {
    return new HashMap<>(
        Map.of(
            new TrustDomain(trustDomain),
            Arrays.stream(authorities)
                .map(Authority::certificate)
                .collect(Collectors.toUnmodifiableSet())));
  }

  static SvidMaterial material(MintedSvid own, Map<TrustDomain, Set<X509Certificate>> bundles) {
    SpiffeId id;
    try {
      id = SpiffeId.parse(LeafProfile.uriNames(own.leaf()).getFirst());
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalArgumentException(e);
    }
    return new SvidMaterial(id, own.chain(), own.key(), Map.copyOf(bundles));
  }

  public void renew(MintedSvid own, Map<TrustDomain, Set<X509Certificate>> bundles) {
    current.renew(material(own, bundles));
  }

  public void withdraw(String reason) {
    current.withdraw(reason);
  }

  @Override
  public IdentitySnapshot current() {
    return current.get();
  }

  @Override
  public IdentityHealth health() {
    return current.health("");
  }

  @Override
  public Subscription onChange(Consumer<IdentitySnapshot> listener) {
    return current.onChange(listener);
  }

  @Override
  public void close() {}
}
