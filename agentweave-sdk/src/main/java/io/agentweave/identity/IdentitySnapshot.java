package io.agentweave.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * One agent's SVID, the trust bundles and the TLS contexts made of them: one immutable value, so
 * that a rotation changes all of it or nothing. Safe for use by many threads.
 */
public interface IdentitySnapshot {

  SpiffeId spiffeId();

  /** Counts up with every change of a source's snapshot, from 1. */
  long generation();

  /** Serial number of the own leaf certificate, in lower-case hex. */
  String svidSerial();

  Instant notBefore();

  Instant notAfter();

  /**
   * Why this snapshot must not be used: it expired (its {@link #notAfter} itself is too late), is
   * not valid yet, or was withdrawn by the Workload API. Empty while it may be used.
   */
  Optional<String> unusableBecause();

  /**
   * Checks a peer's certificates, leaf first, against this snapshot's bundles at this moment: the
   * SPIFFE X.509-SVID rules, the allowed trust domains, and a path to the bundle of the trust
   * domain that the leaf presents.
   */
  Verification verify(List<X509Certificate> chain);

  /**
   * A TLS 1.3 context for accepting connections: requires a client certificate and lets in whom
   * {@link #verify} proves. No connection of it resumes another, whatever the peer offers.
   *
   * <p>It makes engines, and sockets over accepted ones; host names play no part.
   *
   * @param onRejected told which rule a peer broke, on the handshake's thread; the peer itself is
   *     told nothing but that the handshake failed. Handshakes that fail before there is a
   *     certificate to judge are not told here: see {@link Rejected#beforeVerification}
   */
  SSLContext serverContext(Consumer<Rejected> onRejected);

  /**
   * A TLS 1.3 context for one connection target: lets through only a peer that {@link #verify}
   * proves to be exactly {@code expected}. No connection of it resumes another.
   *
   * @param onVerified told of the proof that each handshake makes, on the handshake's thread
   * @param onRejected as in {@link #serverContext}
   */
  SSLContext clientContext(
      SpiffeId expected, Consumer<PeerIdentity> onVerified, Consumer<Rejected> onRejected);

  /**
   * Signs with the SVID's private key: {@code SHA256withECDSA}, {@code SHA256withRSA} or {@code
   * EdDSA}. Does not ask whether the snapshot may still be used.
   */
  byte[] sign(byte[] message);

  /** The own certificates, leaf first. */
  List<X509Certificate> certificates();
}
