package io.agentweave.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/** Connects three times in each of three ways and says how often the trust manager was asked. */
final class ResumptionProbe {
  private static final Authority HOME = Authority.root("home");
  private static final Map<TrustDomain, Set<X509Certificate>> BUNDLE =
      SwitchableIdentity.bundle("agentweave.io", HOME);
  private static final MintedSvid SVID = SvidMint.leaf(SvidVectors.ID).by(HOME);

  private ResumptionProbe() {}

  public static void main(String[] args) throws GeneralSecurityException {
    // Starts JSSE, which reads its properties now and never again.
    TlsPair.nameless().createSSLEngine();

    AtomicInteger judged = new AtomicInteger();
    SvidSnapshot snapshot = TlsPair.snapshot(SVID, BUNDLE, Set.of());
    PeerTrust asServer = counting(TlsRole.SERVER, snapshot, judged);
    PeerTrust asClient = counting(TlsRole.CLIENT, snapshot, judged);
    OwnKey key = new OwnKey(snapshot.material(), () -> true);

    SSLContext plain = SSLContext.getInstance("TLS");
    plain.init(new KeyManager[] {key}, new TrustManager[] {asServer}, new SecureRandom());
    count("plain server, plain client", judged, plain, TlsPair.careless(SVID));
    count(
        "our server, plain client",
        judged,
        StandaloneTls.context(TlsRole.SERVER, key, asServer),
        TlsPair.careless(SVID));
    count(
        "plain server, our client",
        judged,
        TlsPair.careless(SVID),
        StandaloneTls.context(TlsRole.CLIENT, key, asClient));
  }

  private static PeerTrust counting(TlsRole role, SvidSnapshot snapshot, AtomicInteger judged) {
    return new PeerTrust(role, snapshot::verify, _ -> judged.incrementAndGet(), _ -> {});
  }

  private static void count(
      String how, AtomicInteger judged, SSLContext server, SSLContext client) {
    judged.set(0);
    for (int i = 0; i < 3; i++) {
      SSLEngine accepting = TlsPair.serverEngine(server);
      accepting.setNeedClientAuth(true);
      TlsPair.Outcome outcome = TlsPair.handshake(TlsPair.clientEngine(client), accepting);
      if (!outcome.established()) {
        throw new IllegalStateException(outcome.toString());
      }
    }
    System.out.println(how + ": judged " + judged.get() + " of 3");
  }
}
