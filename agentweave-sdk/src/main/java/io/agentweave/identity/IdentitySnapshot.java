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
   * Why this snapshot must not be used any more: it expired, or the Workload API withdrew it. Empty
   * while it may be used.
   */
  Optional<String> unusableBecause();

  /**
   * Checks a peer's certificates, leaf first, against this snapshot's bundles at this moment: the
   * SPIFFE X.509-SVID rules, the allowed trust domains, and a path to the bundle of the trust
   * domain that the leaf presents.
   */
  Verification verify(List<X509Certificate> chain);

  /**
   * The TLS 1.3 context for accepting connections: asks for and requires a client certificate, and
   * lets in whom {@link #verify} proves. No session outlives it.
   */
  SSLContext serverContext();

  /**
   * A TLS 1.3 context for one connection target: lets through only a peer that {@link #verify}
   * proves to be exactly {@code expected}.
   *
   * @param onVerified told of each proof made by a handshake
   */
  SSLContext clientContext(SpiffeId expected, Consumer<PeerIdentity> onVerified);

  /** Signs with the SVID's private key ({@code SHA256withECDSA} or {@code SHA256withRSA}). */
  byte[] sign(byte[] message);

  /** The own certificates, leaf first. */
  List<X509Certificate> certificates();
}
