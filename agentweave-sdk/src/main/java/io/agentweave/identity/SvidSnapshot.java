package io.agentweave.identity;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** The snapshot of one {@link SvidMaterial}. */
final class SvidSnapshot implements IdentitySnapshot {
  private final SvidMaterial material;
  private final long generation;
  private final Optional<String> withdrawn;
  private final InstantSource clock;
  private final SvidVerifier verifier;
  private final String serial;
  private final Validity validity;

  /**
   * @param allowed whose peers may be proven; only the own domain when empty
   * @param withdrawn why the identity was taken back, when it was
   */
  SvidSnapshot(
      SvidMaterial material,
      Set<TrustDomain> allowed,
      long generation,
      Optional<String> withdrawn,
      InstantSource clock) {
    this.material = material;
    this.generation = generation;
    this.withdrawn = withdrawn;
    this.clock = clock;
    this.serial = SvidVerifier.serial(material.leaf());
    this.validity = Validity.of(material.leaf());
    Set<TrustDomain> domains =
        allowed.isEmpty() ? Set.of(material.spiffeId().trustDomain()) : allowed;
    this.verifier = new SvidVerifier(material.bundles(), domains, generation);
  }

  SvidMaterial material() {
    return material;
  }

  /** Why the identity was taken back, when it was; an SVID that merely expired was not. */
  Optional<String> withdrawn() {
    return withdrawn;
  }

  @Override
  public SpiffeId spiffeId() {
    return material.spiffeId();
  }

  @Override
  public long generation() {
    return generation;
  }

  @Override
  public String svidSerial() {
    return serial;
  }

  @Override
  public Instant notBefore() {
    return validity.from();
  }

  @Override
  public Instant notAfter() {
    return validity.until();
  }

  @Override
  public Optional<String> unusableBecause() {
    return withdrawn.or(
        () -> validity.broken(clock.instant()).map(broken -> "the own SVID: " + broken.detail()));
  }

  @Override
  public Verification verify(List<X509Certificate> chain) {
    Optional<String> unusable = unusableBecause();
    return unusable.isPresent()
        ? new Rejected(SvidRule.OWN_SVID_UNUSABLE, unusable.get())
        : verifier.verify(chain, clock.instant());
  }

  private Verification verifyExactly(SpiffeId expected, List<X509Certificate> chain) {
    return switch (verify(chain)) {
      case PeerIdentity peer when !peer.spiffeId().equals(expected) ->
          new Rejected(
              SvidRule.UNEXPECTED_ID, "expected " + expected + ", found " + peer.spiffeId());
      case PeerIdentity peer -> peer;
      case Rejected rejected -> rejected;
    };
  }

  @Override
  public SSLContext serverContext(Consumer<Rejected> onRejected) {
    return StandaloneTls.context(
        TlsRole.SERVER, ownKey(), new PeerTrust(TlsRole.SERVER, this::verify, _ -> {}, onRejected));
  }

  @Override
  public SSLContext clientContext(
      SpiffeId expected, Consumer<PeerIdentity> onVerified, Consumer<Rejected> onRejected) {
    return StandaloneTls.context(
        TlsRole.CLIENT,
        ownKey(),
        new PeerTrust(
            TlsRole.CLIENT, chain -> verifyExactly(expected, chain), onVerified, onRejected));
  }

  private OwnKey ownKey() {
    return new OwnKey(material, () -> unusableBecause().isEmpty());
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      return material.sign(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the SVID's key cannot sign", e);
    }
  }

  @Override
  public List<X509Certificate> certificates() {
    return material.chain();
  }

  @Override
  public String toString() {
    return material + ", generation " + generation;
  }
}
