package io.agentweave.server;

import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.Rejected;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Stands first on each connection. Whoever is proven by the handshake gets HTTP/2 for gRPC, or
 * HTTP/1.1 for the card, as ALPN says; everybody else is shut out without a word.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a socket to be closed
final class Handshake extends ChannelInboundHandlerAdapter {
  private static final int MAX_REQUEST_LINE = 1024;
  private static final int MAX_HEADERS = 8 * 1024;

  private final FrontDoor door;
  private final GrpcHttp2ConnectionHandler grpc;
  private @Nullable RecordGuard guard;
  private @Nullable PeerConnection proven;

  Handshake(FrontDoor door, GrpcHttp2ConnectionHandler grpc) {
    this.door = door;
    this.grpc = grpc;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    Runnable abandon = channel::close;
    Object address = addressOf(channel);
    door.connections().knocking(address, abandon);
    channel.closeFuture().addListener(closed -> door.connections().knocked(address, abandon));
    RecordGuard records = new RecordGuard((limit, reason) -> flooded(channel, limit, reason));
    guard = records;
    SslHandler tls = new SslHandler(door.tls().newEngine(), false, door.handshakes());
    tls.handshakeFuture().addListener(done -> door.connections().knocked(address, abandon));
    ctx.pipeline().addBefore(ctx.name(), null, records);
    ctx.pipeline().addBefore(ctx.name(), null, tls);
  }

  private void flooded(Channel channel, String limit, String reason) {
    PeerConnection known = proven;
    if (known == null) {
      door.notices().rejected("handshake_flood", reason);
    } else if (known.markCut()) {
      door.notices().cut(limit, reason, known.lastProven());
    }
    closeNow(channel);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (!(event instanceof SslHandshakeCompletionEvent completion)) {
      super.userEventTriggered(ctx, event);
    } else if (completion.isSuccess() && !ctx.channel().isActive()) {
      // Its last flight was the last thing that could be read: there is nobody to let in.
      ctx.close();
    } else if (completion.isSuccess()) {
      enter(ctx, ctx.pipeline().get(SslHandler.class).engine());
    } else {
      // A peer that hangs up without a word is a port scan or a health check, not an attempt.
      if (!(completion.cause() instanceof ClosedChannelException)) {
        Rejected.beforeVerification(completion.cause()).ifPresent(door.notices()::rejected);
      }
      ctx.close();
    }
  }

  private void enter(ChannelHandlerContext ctx, SSLEngine engine)
      throws SSLPeerUnverifiedException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate : engine.getSession().getPeerCertificates()) {
      chain.add((X509Certificate) certificate);
    }
    IdentitySnapshot now = door.identity().current();
    switch (now.verify(chain)) {
      case Rejected rejected -> {
        door.notices().rejected(rejected);
        ctx.close();
      }
      case PeerIdentity peer -> enter(ctx, engine, chain, peer);
    }
  }

  private void enter(
      ChannelHandlerContext ctx, SSLEngine engine, List<X509Certificate> chain, PeerIdentity peer) {
    Channel channel = ctx.channel();
    PeerConnection connection =
        new PeerConnection(
            chain,
            channel.remoteAddress().toString(),
            peer,
            channel.eventLoop(),
            () -> closeNow(channel));
    if (!door.connections()
        .opened(
            connection,
            whenClosed -> channel.closeFuture().addListener(done -> whenClosed.run()))) {
      ctx.close();
      return;
    }
    proven = connection;
    RecordGuard records = Objects.requireNonNull(guard);
    records.proven();
    switch (engine.getApplicationProtocol()) {
      case ServerTls.HTTP_2 -> {
        ctx.pipeline().addBefore(ctx.name(), null, frameGuard(channel, records));
        ctx.pipeline().replace(ctx.name(), null, grpc);
        grpc.handleProtocolNegotiationCompleted(attributes(channel, engine, connection), null);
      }
      case ServerTls.HTTP_1_1 -> {
        HttpServerCodec codec = new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADERS, MAX_HEADERS);
        ctx.pipeline().addAfter(ctx.name(), null, new CardRequests(door.runner(), connection));
        ctx.pipeline().replace(ctx.name(), null, codec);
      }
      default -> {
        door.notices().rejected("alpn", "the peer names neither h2 nor http/1.1");
        ctx.close();
      }
    }
  }

  private FrameGuard frameGuard(Channel channel, RecordGuard records) {
    return new FrameGuard(
        records::heard,
        () -> flooded(channel, "frame_flood", "too many HTTP/2 frames that carry nothing"));
  }

  private static Object addressOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : channel.id();
  }

  /**
   * Closes from the socket's end of the pipeline: HTTP/2 would wait for its streams, and TLS for
   * the peer.
   */
  private static void closeNow(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      first.close();
    }
  }

  private static Attributes attributes(
      Channel channel, SSLEngine engine, PeerConnection connection) {
    return Attributes.newBuilder()
        .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, channel.localAddress())
        .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, channel.remoteAddress())
        .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, engine.getSession())
        .set(GrpcEntry.CONNECTION, connection)
        .build();
  }
}
