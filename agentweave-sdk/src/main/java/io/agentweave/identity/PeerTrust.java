package io.agentweave.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets a TLS handshake through only when {@code judge} proves the peer. The extended kind of trust
 * manager, because JSSE adds no checks of its own to it: no host names, which mean nothing here.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  private final TlsRole role;
  private final Function<List<X509Certificate>, Verification> judge;
  private final Consumer<PeerIdentity> onVerified;
  private final Consumer<Rejected> onRejected;

  PeerTrust(
      TlsRole role,
      Function<List<X509Certificate>, Verification> judge,
      Consumer<PeerIdentity> onVerified,
      Consumer<Rejected> onRejected) {
    this.role = role;
    this.judge = judge;
    this.onVerified = onVerified;
    this.onRejected = onRejected;
  }

  private void check(TlsRole actingAs, X509Certificate @Nullable [] chain)
      throws CertificateException {
    if (actingAs != role) {
      // A context for one role expects less, or other, than the other role has to.
      throw new PeerRejectedException();
    }
    switch (judge.apply(chain == null ? List.of() : List.of(chain))) {
      case PeerIdentity peer -> onVerified.accept(peer);
      case Rejected rejected -> {
        onRejected.accept(rejected);
        throw new PeerRejectedException();
      }
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(TlsRole.SERVER, chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(TlsRole.CLIENT, chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(TlsRole.SERVER, chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(TlsRole.CLIENT, chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(TlsRole.SERVER, chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(TlsRole.CLIENT, chain);
  }

  /** None, so that a handshake does not tell strangers whom we trust. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
