package io.agentweave.server;

import io.agentweave.identity.IdentitySource;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.util.AsciiString;
import java.util.concurrent.Executor;

/** How every connection begins: with a handshake that proves its peer. There is no other way in. */
final class FrontDoor implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final ServerTls tls;
  private final IdentitySource identity;
  private final Connections connections;
  private final HandshakeNotices notices;
  private final CallRunner runner;
  private final Executor handshakes;

  /**
   * @param handshakes where the expensive part of a handshake runs, so that a flood of them does
   *     not hold up the calls of those who are in
   */
  FrontDoor(
      ServerTls tls,
      IdentitySource identity,
      Connections connections,
      HandshakeNotices notices,
      CallRunner runner,
      Executor handshakes) {
    this.tls = tls;
    this.identity = identity;
    this.connections = connections;
    this.notices = notices;
    this.runner = runner;
    this.handshakes = handshakes;
  }

  @Override
  public AsciiString scheme() {
    return HttpScheme.HTTPS.name();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new Handshake(this, grpc);
  }

  @Override
  public void close() {}

  ServerTls tls() {
    return tls;
  }

  IdentitySource identity() {
    return identity;
  }

  Connections connections() {
    return connections;
  }

  HandshakeNotices notices() {
    return notices;
  }

  CallRunner runner() {
    return runner;
  }

  Executor handshakes() {
    return handshakes;
  }
}
