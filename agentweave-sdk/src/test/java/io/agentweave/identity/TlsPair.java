package io.agentweave.identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Two real TLS engines, handshaken against each other in memory, and what came of it. */
final class TlsPair {
  /**
   * @param server what failed at the server
   * @param client what failed at the client
   */
  record Outcome(Optional<SSLException> server, Optional<SSLException> client) {
    boolean established() {
      return server.isEmpty() && client.isEmpty();
    }
  }

  /** An end that trusts everyone and shows {@code own}, whatever it is. */
  static SSLContext careless(MintedSvid own) {
    SvidMaterial material =
        new SvidMaterial(
            SpiffeId.parse("spiffe://a/b"), own.chain(), own.key(), java.util.Map.of());
    return careless(new KeyManager[] {new OwnKey(material, () -> true)});
  }

  /** An end that trusts everyone and shows nothing. */
  static SSLContext nameless() {
    return careless(new KeyManager[0]);
  }

  private static SSLContext careless(KeyManager[] keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {new Careless()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static SSLEngine clientEngine(SSLContext context) {
    SSLEngine engine = context.createSSLEngine("target.example", 8443);
    engine.setUseClientMode(true);
    return engine;
  }

  static SSLEngine serverEngine(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    return engine;
  }

  /** Shakes hands, then sends one byte each way: in TLS 1.3 a refusal may come that late. */
  static Outcome handshake(SSLEngine client, SSLEngine server) {
    End c = new End(client);
    End s = new End(server);
    boolean moving = true;
    while (moving) {
      moving = c.step(s) || s.step(c);
    }
    return new Outcome(Optional.ofNullable(s.failure), Optional.ofNullable(c.failure));
  }

  static SvidSnapshot snapshot(
      MintedSvid own,
      java.util.Map<TrustDomain, Set<X509Certificate>> bundles,
      Set<TrustDomain> allowed) {
    return new SvidSnapshot(
        SwitchableIdentity.material(own, bundles),
        allowed,
        1,
        Optional.empty(),
        InstantSource.system());
  }

  static <T> Consumer<T> ignored() {
    return _ -> {};
  }

  private static final class End {
    private final SSLEngine engine;
    private final ByteBuffer inbox = ByteBuffer.allocate(1 << 18).flip();
    private @Nullable SSLException failure;
    private boolean greeted;

    End(SSLEngine engine) {
      this.engine = engine;
    }

    boolean step(End peer) {
      try {
        runTasks();
        return send(peer) || receive();
      } catch (SSLException e) {
        if (failure == null) {
          failure = e;
          return true;
        }
        return false;
      }
    }

    private void runTasks() {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    }

    private boolean send(End peer) throws SSLException {
      HandshakeStatus status = engine.getHandshakeStatus();
      boolean free = status == HandshakeStatus.NOT_HANDSHAKING;
      if (engine.isOutboundDone() || status == HandshakeStatus.NEED_UNWRAP || (free && greeted)) {
        return false;
      }
      ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      SSLEngineResult result = engine.wrap(ByteBuffer.wrap(new byte[] {42}), packet);
      greeted |= result.bytesConsumed() > 0;
      peer.inbox.compact().put(packet.flip());
      peer.inbox.flip();
      return result.bytesProduced() > 0;
    }

    private boolean receive() throws SSLException {
      if (!inbox.hasRemaining() || engine.isInboundDone()) {
        return false;
      }
      ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      SSLEngineResult result = engine.unwrap(inbox, plain);
      return result.bytesConsumed() > 0;
    }
  }

  /** Trusts everyone. Attackers do. */
  static final class Careless extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, java.net.@Nullable Socket socket) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, java.net.@Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private TlsPair() {}
}
