package io.agentweave.server;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Makes the TLS engine of each connection from the snapshot that is current when it begins. */
final class ServerTls {
  static final String HTTP_2 = "h2";
  static final String HTTP_1_1 = "http/1.1";

  private final IdentitySource identity;
  private final HandshakeNotices notices;
  private volatile Current current;

  ServerTls(IdentitySource identity, HandshakeNotices notices) {
    this.identity = identity;
    this.notices = notices;
    this.current = context(identity.current());
  }

  SSLEngine newEngine() {
    IdentitySnapshot now = identity.current();
    Current held = current;
    if (held.generation() != now.generation()) {
      held = context(now);
      current = held;
    }
    SSLEngine engine = held.context().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setNeedClientAuth(true);
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {HTTP_2, HTTP_1_1});
    engine.setSSLParameters(parameters);
    return engine;
  }

  private Current context(IdentitySnapshot snapshot) {
    return new Current(snapshot.generation(), snapshot.serverContext(notices::rejected));
  }

  private record Current(long generation, SSLContext context) {}
}
