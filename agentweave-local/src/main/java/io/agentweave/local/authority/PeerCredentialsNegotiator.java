package io.agentweave.local.authority;

import io.agentweave.local.process.ProcessRef;
import io.grpc.Attributes;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.Optional;

/**
 * Plain HTTP/2 on a Unix socket, with the {@link PeerProcess} at its other end among the
 * transport's attributes. A connection whose process the kernel does not name has none.
 */
final class PeerCredentialsNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  static final Attributes.Key<PeerProcess> PEER_PROCESS = Attributes.Key.create("peer-process");

  private final InternalProtocolNegotiator.ProtocolNegotiator plaintext =
      InternalProtocolNegotiators.serverPlaintext();

  private PeerCredentialsNegotiator() {}

  static ServerCredentials credentials() {
    return InternalNettyServerCredentials.create(new PeerCredentialsNegotiator());
  }

  @Override
  public AsciiString scheme() {
    return plaintext.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
    return new PeerHandler(plaintext.newHandler(grpcHandler));
  }

  @Override
  public void close() {
    plaintext.close();
  }

  private static Optional<PeerProcess> peerOf(Channel channel) {
    try {
      Optional<PeerCredentials> credentials =
          switch (channel) {
            case EpollDomainSocketChannel epoll -> Optional.of(epoll.peerCredentials());
            case KQueueDomainSocketChannel kqueue -> Optional.of(kqueue.peerCredentials());
            case Channel other -> Optional.empty();
          };
      return credentials
          .filter(found -> found.pid() > 0)
          .flatMap(
              found ->
                  ProcessRef.of(found.pid()).map(process -> new PeerProcess(process, found.uid())));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Notes the peer when the negotiation begins, then leaves the rest to the next handler. */
  private static final class PeerHandler extends ChannelInboundHandlerAdapter {
    private final ChannelHandler next;

    PeerHandler(ChannelHandler next) {
      this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.pipeline().addAfter(context.name(), null, next);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (!(event instanceof ProtocolNegotiationEvent negotiation)) {
        context.fireUserEventTriggered(event);
        return;
      }
      Attributes.Builder attributes =
          InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder();
      peerOf(context.channel()).ifPresent(peer -> attributes.set(PEER_PROCESS, peer));
      context.fireUserEventTriggered(
          InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes.build()));
      context.pipeline().remove(this);
    }
  }
}
