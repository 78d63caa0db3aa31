package io.agentweave.identity;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A TLS 1.3 context whose every connection stands alone. A resumed connection never asks the trust
 * manager, so that a peer could stay after its authority left the bundle; therefore each engine and
 * socket gets a JDK context, with session cache and ticket keys, of its own.
 */
final class StandaloneTls extends SSLContextSpi {
  static {
    // Read once, when JSSE starts: no server of this process hands out session tickets.
    System.setProperty("jdk.tls.server.newSessionTicketCount", "0");
  }

  private static final String TLS = "TLSv1.3";
  private static final Provider JDK_TLS = Objects.requireNonNull(Security.getProvider("SunJSSE"));
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TlsRole role;
  private final OwnKey ownKey;
  private final PeerTrust trust;

  private StandaloneTls(TlsRole role, OwnKey ownKey, PeerTrust trust) {
    this.role = role;
    this.ownKey = ownKey;
    this.trust = trust;
  }

  static SSLContext context(TlsRole role, OwnKey ownKey, PeerTrust trust) {
    return new SSLContext(new StandaloneTls(role, ownKey, trust), JDK_TLS, TLS) {};
  }

  private SSLContext fresh() {
    try {
      SSLContext context = SSLContext.getInstance(TLS, JDK_TLS);
      context.init(new KeyManager[] {ownKey}, new TrustManager[] {trust}, RANDOM);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no " + TLS, e);
    }
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return ready(fresh().createSSLEngine());
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(@Nullable String host, int port) {
    return ready(fresh().createSSLEngine(host, port));
  }

  private SSLEngine ready(SSLEngine engine) {
    engine.setUseClientMode(role == TlsRole.CLIENT);
    engine.setSSLParameters(strict(engine.getSSLParameters()));
    return engine;
  }

  private SSLSocket ready(SSLSocket socket) {
    socket.setUseClientMode(role == TlsRole.CLIENT);
    socket.setSSLParameters(strict(socket.getSSLParameters()));
    return socket;
  }

  private SSLParameters strict(SSLParameters parameters) {
    parameters.setProtocols(new String[] {TLS});
    parameters.setNeedClientAuth(role == TlsRole.SERVER);
    return parameters;
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return new StandaloneSockets(() -> fresh().getSocketFactory(), this::ready);
  }

  /** Refused: every connection of one server socket shares one JDK context. */
  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    throw new UnsupportedOperationException(
        "accept with a plain ServerSocket and layer TLS on each accepted socket, or use engines");
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return fresh().getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return fresh().getClientSessionContext();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return strict(fresh().getDefaultSSLParameters());
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return strict(fresh().getSupportedSSLParameters());
  }

  @Override
  protected void engineInit(
      KeyManager @Nullable [] keys,
      TrustManager @Nullable [] trust,
      @Nullable SecureRandom random) {
    throw new IllegalStateException("this context belongs to one identity snapshot");
  }
}
